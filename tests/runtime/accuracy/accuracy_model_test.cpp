#include "runtime/accuracy/accuracy_model.hpp"

#include <gmock/gmock.h>

#include <cmath>

#include "architecture/zoo/zoo.hpp"
#include "tests/architecture/random_architecture.hpp"
#include "tests/runtime/accuracy/networks.hpp"

namespace gensynth::accuracy {
namespace {

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
  EXPECT_LT(error / known, 1.2);
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
  EXPECT_TRUE(top1.in_distribution);
  EXPECT_EQ(top1.distance, estimate.distance);
  EXPECT_LT(top1.distance, 1);
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
  for (int depth = 1; depth <= 12; ++depth) {
    const double now = model.predict(separable(32, depth, 224)).top1;
    EXPECT_GE(now, before - 0.3) << "depth " << depth;
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

/// A network of `columns` equal separable columns.
Architecture columnar(int columns) {
  ArchitectureBuilder b("columns", Shape{Layout::map, 3, 224, 224});
  const auto convolve = [&](Convolution op, int at) { return b.add(Activation{}, b.add(BatchNorm{}, b.add(op, at))); };
  const int stem = convolve({.out_channels = 32, .kernel = {3, 3}, .stride = {2, 2}, .padding = {1, 1}}, b.input());
  std::vector<int> ends;
  for (int column = 0; column < columns; ++column) {
    int v = stem;
    for (int stage = 1; stage <= 4; ++stage) {
      for (int i = 0; i < 3; ++i) {
        const int channels = b.shape(v).channels;
        const int stride = i == 0 ? 2 : 1;
        v = convolve({.out_channels = channels,
                      .kernel = {3, 3},
                      .stride = {stride, stride},
                      .padding = {1, 1},
                      .groups = channels},
                     v);
        v = convolve({.out_channels = 32 << stage}, v);
      }
    }
    ends.push_back(v);
  }
  const int end = columns == 1 ? ends[0] : b.add(Concat{}, ends);
  return b.build(b.add(Linear{.out_features = 1000}, b.add(GlobalPool{}, end)));
}

TEST(AccuracyModel, DistanceAndIntervalGrowWithTheNumberOfColumns) {
  const AccuracyModel model;
  const auto logit_width = [](const AccuracyEstimate& e) {
    return std::log(e.high / (100 - e.high)) - std::log(e.low / (100 - e.low));
  };
  EXPECT_TRUE(model.predict(columnar(1)).in_distribution);
  AccuracyEstimate before = model.predict(columnar(2));
  EXPECT_FALSE(before.in_distribution);
  EXPECT_THAT(before.notes, testing::Contains(testing::HasSubstr("path")));
  for (const int columns : {4, 8}) {
    const AccuracyEstimate now = model.predict(columnar(columns));
    EXPECT_GT(now.distance, before.distance);
    EXPECT_GT(logit_width(now), logit_width(before));
    before = now;
  }
}

TEST(AccuracyModel, ATailOfTinyKernelsBuysNothing) {
  const AccuracyModel model;
  const auto with_tail = [](int kernels) {
    Chain chain = separable_chain(32, 3, 192);
    chain.depthwise(3, 2);
    chain.convolve({.out_channels = 24});
    for (int i = 0; i < kernels; ++i) chain.depthwise(3);
    chain.convolve({.out_channels = 1024});
    return chain.classified();
  };
  EXPECT_LT(model.predict(with_tail(160)).top1, model.predict(with_tail(1)).top1 + 0.5);
}

TEST(AccuracyModel, AConstantNetworkIsPredictedAsChance) {
  const AccuracyModel model;
  Chain zero = separable_chain(32, 3, 224);
  zero.end = zero.builder.add(Zero{}, zero.end);
  const AccuracyEstimate estimate = model.predict(zero.classified());
  EXPECT_NEAR(estimate.top1, 0.1, 1e-9);
  EXPECT_LE(estimate.high, 1);
  EXPECT_FALSE(estimate.in_distribution);
}

TEST(AccuracyModel, PredictsLittleWithoutANonlinearity) {
  const AccuracyModel model;
  Chain chain(224);
  chain.convolve({.out_channels = 2048, .kernel = {32, 32}, .stride = {32, 32}}, false);
  EXPECT_LT(model.predict(chain.classified()).top1, 10);
  Chain deep(224);
  deep.convolve({.out_channels = 64, .kernel = {4, 4}, .stride = {4, 4}}, false);
  for (int i = 0; i < 30; ++i) {
    deep.convolve({.out_channels = 256, .kernel = {3, 3}, .padding = {1, 1}}, false);
  }
  const AccuracyEstimate estimate = model.predict(deep.classified());
  EXPECT_LT(estimate.top1, 10);
  EXPECT_FALSE(estimate.in_distribution);
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
