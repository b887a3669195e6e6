#include "runtime/accuracy/accuracy_model.hpp"

#include <gmock/gmock.h>

#include <cmath>

#include "architecture/zoo/zoo.hpp"
#include "runtime/accuracy/coefficients.hpp"
#include "tests/architecture/random_architecture.hpp"

namespace gensynth::accuracy {
namespace {

/// Depthwise-separable network in MobileNet's manner.
Architecture separable(int width, int depth, int px) {
  ArchitectureBuilder b("separable", Shape{Layout::map, 3, px, px});
  int v = b.input();
  const auto convolve = [&](Convolution op) { v = b.add(Activation{}, b.add(BatchNorm{}, b.add(op, v))); };
  convolve({.out_channels = width, .kernel = {3, 3}, .stride = {2, 2}, .padding = {1, 1}});
  for (int stage = 0; stage < 4; ++stage) {
    for (int i = 0; i < depth; ++i) {
      const int stride = i == 0 ? 2 : 1;
      const int channels = b.shape(v).channels;
      convolve({.out_channels = channels,
                .kernel = {3, 3},
                .stride = {stride, stride},
                .padding = {1, 1},
                .groups = channels});
      convolve({.out_channels = width << (stage + 1)});
    }
  }
  return b.build(b.add(Linear{.out_features = 1000}, b.add(GlobalPool{}, v)));
}

TEST(AccuracyModel, IsNearThePublishedValuesAndSaysHowNear) {
  const AccuracyModel model;
  int known = 0, inside = 0;
  double error = 0;
  for (const zoo::ZooFacts& facts : zoo::zoo_list()) {
    if (!facts.top1) continue;
    const AccuracyEstimate estimate = model.predict(zoo::zoo_network(facts.name));
    EXPECT_LT(estimate.low, estimate.top1);
    EXPECT_GT(estimate.high, estimate.top1);
    ++known;
    inside += estimate.low <= *facts.top1 && *facts.top1 <= estimate.high;
    error += std::abs(estimate.top1 - *facts.top1);
  }
  EXPECT_GE(known, 60);
  EXPECT_GE(inside, 0.88 * known);
  EXPECT_LT(error / known, 2);
}

TEST(AccuracyModel, TotalAgreesWithTheEstimate) {
  const AccuracyModel model;
  const Architecture network = zoo::zoo_network("mobilenet-v3-large-1.0");
  const AccuracyEstimate estimate = model.predict(network);
  const Quantity top1 = model.top1(network);
  EXPECT_EQ(top1.value, estimate.top1);
  EXPECT_EQ(top1.low, estimate.low);
  EXPECT_EQ(top1.high, estimate.high);
  EXPECT_EQ(top1.unit, "%");
  EXPECT_EQ(top1.provenance, Provenance::predicted);
  EXPECT_EQ(top1.source, model.version());
  EXPECT_TRUE(estimate.in_distribution);
  EXPECT_TRUE(estimate.notes.empty());
}

TEST(AccuracyModel, MoreOfTheSameIsNotWorse) {
  const AccuracyModel model;
  double before = 0;
  for (int width = 4; width <= 96; width += 4) {
    const double now = model.predict(separable(width, 2, 224)).top1;
    EXPECT_GE(now, before - 0.3) << "width " << width;  // shares of MACs shift a little with width
    before = now;
  }
  before = 0;
  for (int px = 32; px <= 320; px += 32) {
    const double now = model.predict(separable(32, 2, px)).top1;
    EXPECT_GE(now, before - 1e-9) << "px " << px;
    before = now;
  }
}

TEST(AccuracyModel, SmallImagesAreFlaggedAndSane) {
  const AccuracyModel model;
  const AccuracyEstimate small = model.predict(separable(16, 2, 64));
  EXPECT_FALSE(small.in_distribution);
  EXPECT_THAT(small.notes, testing::Contains(testing::HasSubstr("log_px")));
  EXPECT_GT(small.top1, 15);
  EXPECT_LT(small.top1, 70);
  EXPECT_GT(small.high - small.low, model.predict(zoo::zoo_network("mobilenet-v2-1")).high -
                                        model.predict(zoo::zoo_network("mobilenet-v2-1")).low);
}

TEST(AccuracyModel, IntervalGrowsWithDistance) {
  const AccuracyModel model;
  const auto logit_width = [&](const Architecture& network) {
    const AccuracyEstimate e = model.predict(network);
    return std::log(e.high / (100 - e.high)) - std::log(e.low / (100 - e.low));
  };
  const double near = logit_width(zoo::zoo_network("mobilenet-v2-1"));
  EXPECT_GT(logit_width(zoo::zoo_network("mobilevit-xs")), near * 1.01);  // self-attention is rare among those fitted
  EXPECT_GT(logit_width(separable(16, 2, 32)), near * 1.05);
}

TEST(AccuracyModel, StaysBetween0And100OnRandomNetworks) {
  const AccuracyModel model;
  Rng rng(5);
  for (int i = 0; i < 200; ++i) {
    const AccuracyEstimate estimate = model.predict(RandomArchitecture(rng, 32, 60).build());
    EXPECT_GT(estimate.low, 0);
    EXPECT_LT(estimate.high, 100);
    EXPECT_LE(estimate.low, estimate.top1);
    EXPECT_GE(estimate.high, estimate.top1);
    EXPECT_FALSE(estimate.in_distribution);
  }
}

}  // namespace
}  // namespace gensynth::accuracy
