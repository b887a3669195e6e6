#include "search/deployment/calibrated.hpp"

#include <gmock/gmock.h>

#include "tests/architecture/failure.hpp"
#include "tests/architecture/operator_networks.hpp"

namespace gensynth::deployment {
namespace {

using ::testing::HasSubstr;

ExportSource source(const Shape& image) {
  ArchitectureBuilder builder("net", image);
  int at = builder.add(Convolution{.out_channels = 8, .kernel = {3, 3}, .padding = {1, 1}, .bias = true}, 0);
  at = builder.add(Activation{ActivationKind::relu}, at);
  at = builder.add(Convolution{.out_channels = 8, .kernel = {1, 1}, .bias = true}, at);
  at = builder.add(GlobalPool{}, at);
  const Architecture net = builder.build(builder.add(Linear{.out_features = 3}, at));
  ExportSource source{net, random_weights(net, 5), {}};
  source.options.input = lowering::ImageInput::unit;
  source.options.mean = {0.4F, 0.5F, 0.6F};
  source.options.deviation = {0.2F, 0.25F, 0.3F};
  return source;
}

companion::Quantisation request() {
  companion::Quantisation request;
  request.data.classes = 3;
  request.data.images = 20;
  request.images = 24;
  return request;
}

TEST(Calibrated, KeepsTheOutputsAndNormalisesInTheNetwork) {
  const Calibrated result = calibrated(source({Layout::map, 3, 16, 16}), request(), "net");
  EXPECT_LT(result.choice.error, 0.05);
  EXPECT_EQ(result.choice.images, 24);
  EXPECT_EQ(result.network.network[1].id, "normalisation");
  EXPECT_EQ(*result.network.encodings[0], (quantisation::Encoding{1.0F / 255, -128}));
  EXPECT_EQ(result.bytes.size(), 16U);
}

TEST(Calibrated, TakesTheCalibrationThatWasAskedFor) {
  for (const char* word : {"minmax", "percentile", "entropy"}) {
    companion::Quantisation asked = request();
    asked.calibration = word;
    EXPECT_EQ(calibrated(source({Layout::map, 3, 16, 16}), asked, "net").choice.calibration, word);
  }
}

TEST(Calibrated, TakesNormalisedImagesWhereTheFileDoesNotNormalise) {
  ExportSource given = source({Layout::map, 3, 16, 16});
  given.options.input = lowering::ImageInput::normalised;
  const Calibrated result = calibrated(given, request(), "net");
  EXPECT_LT(result.choice.error, 0.05);
  EXPECT_EQ(result.network.network.size(), given.network.size());
  const Stimuli stimuli = calibration_stimuli(result, given.options, 2);
  EXPECT_EQ(stimuli.given, stimuli.seen);
}

TEST(Calibrated, RefusesWhatCannotBeCalibrated) {
  const auto message = [](const ExportSource& given, const companion::Quantisation& asked) {
    return failure([&] { calibrated(given, asked, "net"); });
  };
  EXPECT_THAT(message(source({Layout::map, 1, 16, 16}), request()), HasSubstr("expected square ones of 3 channels"));
  EXPECT_THAT(message(source({Layout::map, 3, 16, 12}), request()), HasSubstr("expected square ones of 3 channels"));
  ExportSource unknown = source({Layout::map, 3, 16, 16});
  unknown.options.mean.clear();
  EXPECT_THAT(message(unknown, request()), HasSubstr("int8 needs --mean and --std"));
  companion::Quantisation absent = request();
  absent.data.kind = data::DataKind::folder;
  absent.data.paths = {"/nowhere"};
  EXPECT_THAT(message(source({Layout::map, 3, 16, 16}), absent), HasSubstr("/nowhere"));
  companion::Quantisation keep = request();
  keep.keep = {"conv_9"};
  EXPECT_THAT(message(source({Layout::map, 3, 16, 16}), keep), HasSubstr("vertex 'conv_9' to keep in float32"));
}

}  // namespace
}  // namespace gensynth::deployment
