#include "runtime/accuracy/features.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "architecture/zoo/zoo.hpp"
#include "tests/runtime/accuracy/networks.hpp"

namespace gensynth::accuracy {
namespace {

double feature(const Architecture& network, const std::string& name) {
  const auto& infos = accuracy_feature_infos();
  for (std::size_t i = 0; i < infos.size(); ++i) {
    if (infos[i].name == name) return accuracy_figures(network).features[i];
  }
  ADD_FAILURE() << "no feature " << name;
  return 0;
}

void expect_same(const Architecture& a, const Architecture& b) {
  const AccuracyFigures left = accuracy_figures(a);
  const AccuracyFigures right = accuracy_figures(b);
  for (std::size_t i = 0; i < kAccuracyFeatures; ++i) {
    EXPECT_NEAR(left.features[i], right.features[i], 1e-9) << accuracy_feature_infos()[i].name;
  }
  EXPECT_EQ(left.params, right.params);
  EXPECT_EQ(left.macs, right.macs);
  EXPECT_EQ(left.constant, right.constant);
}

TEST(AccuracyFeatures, MatchKnownNetworks) {
  const Architecture v1 = zoo::zoo_network("mobilenet-v1-1");
  EXPECT_NEAR(std::exp(feature(v1, "log_params")) / 1e6, 3.185, 0.005);  // without classifier, batch norm and biases
  EXPECT_NEAR(accuracy_figures(v1).params / 1e6, 3.185 + 1.024, 0.005);
  EXPECT_NEAR(accuracy_figures(v1).macs / 1e6, 568.7, 0.1);
  EXPECT_NEAR(std::exp(feature(v1, "log_width")), 1000, 1e-6);
  EXPECT_NEAR(std::exp2(feature(v1, "log_end")), 7, 1e-9);
  EXPECT_NEAR(std::exp(feature(v1, "log_px")), 224, 1e-9);
  EXPECT_GT(std::exp(feature(v1, "log_depth")), 15);
  EXPECT_LT(std::exp(feature(v1, "log_depth")), 27.001);
  EXPECT_NEAR(std::exp(feature(v1, "log_kernel")), 9, 1e-9);
  EXPECT_EQ(feature(v1, "attention"), 0);
  EXPECT_EQ(feature(v1, "gated"), 0);
  EXPECT_EQ(feature(v1, "smooth"), 0);
  EXPECT_NEAR(feature(v1, "path"), 1, 1e-12);
  EXPECT_GT(feature(zoo::zoo_network("mobilevit-xs"), "attention"), 0.5);
  EXPECT_GT(feature(zoo::zoo_network("mobilevit-xs"), "smooth"), 0.99);
  EXPECT_GT(feature(zoo::zoo_network("efficientnet-b0"), "gated"), 0.1);
  EXPECT_EQ(feature(zoo::zoo_network("resnet-18"), "dense"), 0.3);  // larger values count as 0.3
}

TEST(AccuracyFeatures, DoNotDependOnTheNumberOfClasses) {
  EXPECT_EQ(accuracy_figures(separable_chain(16, 1, 64).classified(1000)).features,
            accuracy_figures(separable_chain(16, 1, 64).classified(10)).features);
}

TEST(AccuracyFeatures, BothFormsOfMobileOneAreOneNetwork) {
  expect_same(zoo::zoo_network("mobileone-s1-train"), zoo::zoo_network("mobileone-s1-reparam"));
}

/// A network with a sum of so many 1x1 convolutions of the same values.
Architecture with_branches(int count) {
  Chain chain = separable_chain(16, 1, 64);
  const int channels = chain.builder.shape(chain.end).channels;
  std::vector<int> branches;
  for (int i = 0; i < count; ++i) {
    branches.push_back(
        chain.builder.add(BatchNorm{}, chain.builder.add(Convolution{.out_channels = channels}, chain.end)));
  }
  chain.end = count == 1 ? branches[0] : chain.builder.add(Add{}, branches);
  chain.end = chain.builder.add(Activation{}, chain.end);
  return chain.classified();
}

TEST(AccuracyFeatures, ParallelLinearBranchesCountOnce) { expect_same(with_branches(16), with_branches(1)); }

TEST(AccuracyFeatures, PositionCodesAndDeadWeightsCountNothing) {
  Chain coded = separable_chain(16, 1, 64);
  coded.end = coded.builder.add(PositionalEncoding{.hidden = 512}, coded.end);
  expect_same(coded.classified(), separable(16, 1, 64));

  Chain dead = separable_chain(16, 1, 64);
  const int channels = dead.builder.shape(dead.end).channels;
  const int big = dead.builder.add(Convolution{.out_channels = 4096}, dead.end);
  const int back = dead.builder.add(Convolution{.out_channels = channels}, big);
  dead.end = dead.builder.add(Add{}, {dead.end, dead.builder.add(Zero{}, back)});
  expect_same(dead.classified(), separable(16, 1, 64));
}

TEST(AccuracyFeatures, AConstantOutputIsRecognised) {
  Chain zero = separable_chain(16, 1, 64);
  zero.end = zero.builder.add(Zero{}, zero.end);
  EXPECT_TRUE(accuracy_figures(zero.classified()).constant);
  EXPECT_FALSE(accuracy_figures(separable(16, 1, 64)).constant);
}

TEST(AccuracyFeatures, TinyLayersAddLittleDepth) {
  Chain chain = separable_chain(32, 2, 224);
  const double before = std::exp(feature(separable(32, 2, 224), "log_depth"));
  chain.convolve({.out_channels = 8});
  for (int i = 0; i < 100; ++i) chain.depthwise(3);
  const double after = std::exp(feature(chain.classified(), "log_depth"));
  EXPECT_LT(after, before + 4);
}

TEST(AccuracyFeatures, LayersWithoutANonlinearityBetweenThemAreOne) {
  Chain chain = separable_chain(32, 2, 224);
  for (int i = 0; i < 3; ++i) chain.convolve({.out_channels = 512}, i == 2);
  Chain one = separable_chain(32, 2, 224);
  one.convolve({.out_channels = 512});
  EXPECT_NEAR(feature(chain.classified(), "log_depth"), feature(one.classified(), "log_depth"), 0.05);
}

}  // namespace
}  // namespace gensynth::accuracy
