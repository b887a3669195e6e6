#include "runtime/lowering/file_options.hpp"

#include <gmock/gmock.h>

#include "architecture/base/error.hpp"

namespace gensynth::lowering {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::ThrowsMessage;

const Shape kImage{Layout::map, 2, 8, 8};
const Shape kScores{Layout::vector, 5, 1, 1};

FileOptions unit() {
  FileOptions options;
  options.input = ImageInput::unit;
  options.mean = {0.5F, 0.25F};
  options.deviation = {0.5F, 2.0F};
  return options;
}

TEST(FileOptions, WordsAreReadAsTheyAreWritten) {
  for (const auto input : {ImageInput::normalised, ImageInput::unit, ImageInput::uint8}) {
    EXPECT_EQ(image_input(to_string(input)), input);
  }
  for (const auto output : {ScoreOutput::logits, ScoreOutput::softmax}) {
    EXPECT_EQ(score_output(to_string(output)), output);
  }
  EXPECT_THAT([] { (void)image_input("units"); }, ThrowsMessage<Error>(HasSubstr("unit")));
  EXPECT_THAT([] { (void)score_output("sigmoid"); }, ThrowsMessage<Error>(HasSubstr("expected logits or softmax")));
}

TEST(FileOptions, NormalisationIsOneFactorAndOneShift) {
  const Normalisation of_unit = normalisation_of(unit(), 1);
  EXPECT_THAT(of_unit.factor, ElementsAre(2, 0.5F));
  EXPECT_THAT(of_unit.shift, ElementsAre(-1, -0.125F));
  const Normalisation of_bytes = normalisation_of(unit(), 255);
  EXPECT_THAT(of_bytes.factor, ElementsAre(2 / 255.0F, 0.5F / 255));
  EXPECT_THAT(of_bytes.shift, ElementsAre(-1, -0.125F));
}

TEST(FileOptions, ChecksRangesAndChannels) {
  const auto failure = [](const FileOptions& options, const Shape& output = kScores) {
    try {
      check_options(options, kImage, output, "onnx");
      return std::string();
    } catch (const Error& error) {
      return std::string(error.what());
    }
  };
  EXPECT_EQ(failure({}), "");
  EXPECT_EQ(failure(unit()), "");
  FileOptions options = unit();
  options.batch = -1;
  EXPECT_THAT(failure(options), HasSubstr("onnx: batch -1"));
  options = unit();
  options.mean.pop_back();
  EXPECT_THAT(failure(options), HasSubstr("1 means and 2 standard deviations, expected 2 each"));
  options.input = ImageInput::normalised;
  EXPECT_EQ(failure(options), "") << "unused";
  options = unit();
  options.deviation[1] = 0;
  EXPECT_THAT(failure(options), HasSubstr("deviation of channel 1 is 0"));
  options = {};
  options.output = ScoreOutput::softmax;
  EXPECT_EQ(failure(options), "");
  EXPECT_THAT(failure(options, kImage), HasSubstr("a softmax needs one value for each class"));
}

TEST(FileOptions, MetadataStatesInputAndOutput) {
  FileOptions options = unit();
  options.metadata = {{"card", "{}"}};
  const auto metadata = file_metadata(options, "net");
  EXPECT_EQ(metadata.at("card"), "{}");
  EXPECT_EQ(metadata.at("name"), "net");
  EXPECT_EQ(metadata.at("input"), "unit");
  EXPECT_EQ(metadata.at("output"), "logits");
  EXPECT_THAT(metadata.at("program"), HasSubstr("gensynth "));
}

}  // namespace
}  // namespace gensynth::lowering
