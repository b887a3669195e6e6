#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/constraints/networks.hpp"
#include "tests/constraints/verdicts.hpp"

namespace gensynth::rules {
namespace {

using namespace gensynth::testing;
using constraints::Verdict;
using ::testing::HasSubstr;

const nlohmann::json kFiltered = {{"constraint", "anti_aliased_downsampling"}};

TEST(AntiAliased, GoldenNetworks) {
  for (const Architecture& net : {dc_ac_trunk(), heterogeneous_columns()}) {
    const Verdict verdict = judge(kFiltered, net);
    EXPECT_TRUE(verdict.satisfied) << verdict.message;
    EXPECT_FALSE(verdict.hard);
    EXPECT_EQ(verdict.measured, 1);
    // Their condensers use max pooling.
    const Verdict both = judge({{"constraint", "anti_aliased_downsampling"}, {"include_condensers", true}}, net);
    EXPECT_FALSE(both.satisfied);
    EXPECT_LT(both.measured, 1);
    for (const int v : both.vertices) EXPECT_TRUE(std::holds_alternative<Pool>(net.op(v)));
  }
  const Architecture plain = resnet50(true);
  const Verdict verdict = judge(kFiltered, plain);
  EXPECT_EQ(verdict.measured, 0);
  EXPECT_EQ(verdict.vertices.size(), 8u);  // stem, pooling, three convolutions and three projections
  EXPECT_DOUBLE_EQ(verdict.relative_violation(), 1);
}

/// The verdict on a network that ends with the layers that `body` adds to a 32 px map of 8 channels.
Verdict after(const Column& body) {
  Sketch net(32);
  return judge(kFiltered, net.finish(net.conv(body(net, net.conv(0, 8, 3)), 8, 3)));
}

/// Whether one operator downsamples with a filter; -1 when it does not downsample.
int filtered(const Operator& op) {
  const Verdict verdict = after([&](Sketch& net, int v) { return net.add(op, v); });
  return verdict.message.find(" 0 of 0 downsampled") != std::string::npos ? -1 : verdict.satisfied ? 1 : 0;
}

TEST(AntiAliased, OperatorsThatFilter) {
  EXPECT_EQ(filtered(BlurPool{2, 2}), 1);
  EXPECT_EQ(filtered(BlurPool{5, 2}), 1);
  EXPECT_EQ(filtered(BlurPool{3, 1}), -1);
  EXPECT_EQ(filtered(Pool{PoolKind::average, {2, 2}, {2, 2}}), 1);
  EXPECT_EQ(filtered(Pool{PoolKind::average, {3, 3}, {2, 2}, {1, 1}}), 1);
  EXPECT_EQ(filtered(Pool{PoolKind::average, {2, 2}, {3, 3}}), 0);
  EXPECT_EQ(filtered(Pool{PoolKind::max, {3, 3}, {2, 2}, {1, 1}}), 0);
  EXPECT_EQ(filtered(Pool{PoolKind::max, {3, 3}, {1, 1}, {1, 1}}), -1);
  EXPECT_EQ(filtered(Pool{PoolKind::max, {32, 32}, {32, 32}}), -1);  // global
  EXPECT_EQ(filtered(Convolution{.out_channels = 8, .kernel = {3, 3}, .stride = {2, 2}}), 0);
  EXPECT_EQ(filtered(Convolution{.out_channels = 8, .kernel = {3, 3}}), -1);  // smaller, but no coarser grid
  EXPECT_EQ(filtered(Convolution{.out_channels = 8, .kernel = {3, 3}, .stride = {1, 2}}), 0);
}

TEST(AntiAliased, AFilterServesForStridesUpToItsTaps) {
  EXPECT_EQ(filtered(BlurPool{2, 3}), 0);
  EXPECT_EQ(filtered(BlurPool{2, 4}), 0);
  EXPECT_EQ(filtered(BlurPool{3, 3}), 1);
  EXPECT_EQ(filtered(BlurPool{3, 4}), 0);
  EXPECT_EQ(filtered(BlurPool{5, 4}), 1);
  EXPECT_EQ(filtered(BlurPool{5, 16}), 0);
}

int strided(Sketch& net, int v, int stride = 2) {
  return net.add(Convolution{.out_channels = 8, .kernel = {3, 3}, .stride = {stride, stride}, .padding = {1, 1}}, v);
}
int blur(Sketch& net, int v, int taps) { return net.add(BlurPool{taps, 1}, v); }

TEST(AntiAliased, ABlurBesideALinearStridedOperatorCounts) {
  EXPECT_TRUE(after([](Sketch& net, int v) { return strided(net, blur(net, v, 3)); }).satisfied);
  EXPECT_TRUE(after([](Sketch& net, int v) { return strided(net, blur(net, v, 2)); }).satisfied);
  EXPECT_TRUE(after([](Sketch& net, int v) { return blur(net, strided(net, v), 3); }).satisfied);
  EXPECT_TRUE(after([](Sketch& net, int v) { return blur(net, net.add(BatchNorm{}, strided(net, v)), 3); }).satisfied);
  EXPECT_TRUE(after([](Sketch& net, int v) {
                return net.add(Pool{PoolKind::average, {2, 2}, {1, 1}}, strided(net, v));
              }).satisfied);
  // A nonlinearity between them does not commute, nor does max pooling.
  EXPECT_FALSE(
      after([](Sketch& net, int v) { return strided(net, net.add(Activation{}, blur(net, v, 3))); }).satisfied);
  EXPECT_FALSE(
      after([](Sketch& net, int v) { return blur(net, net.add(Activation{}, strided(net, v)), 3); }).satisfied);
  EXPECT_FALSE(after([](Sketch& net, int v) { return net.max_pool(blur(net, v, 3), 3, 2); }).satisfied);
  EXPECT_TRUE(after([](Sketch& net, int v) { return net.blur(net.max_pool(v, 3, 1)); }).satisfied);
  // As wide as the stride; two filters in a row add up.
  EXPECT_FALSE(after([](Sketch& net, int v) { return strided(net, blur(net, v, 3), 4); }).satisfied);
  EXPECT_TRUE(after([](Sketch& net, int v) { return strided(net, blur(net, v, 5), 4); }).satisfied);
  EXPECT_TRUE(after([](Sketch& net, int v) { return strided(net, blur(net, blur(net, v, 3), 3), 4); }).satisfied);
  // On every way into it, or out of it.
  EXPECT_FALSE(after([](Sketch& net, int v) { return strided(net, net.add(Add{}, {v, blur(net, v, 3)})); }).satisfied);
  EXPECT_FALSE(after([](Sketch& net, int v) {
                 const int s = strided(net, v);
                 return net.add(Add{}, {s, blur(net, s, 3)});
               }).satisfied);
}

TEST(AntiAliased, ResizesToSmallerMaps) {
  const auto resized = [](ResizeMode mode, int steps, bool blurred) {
    return after([=](Sketch& net, int v) {
      int coarse = v;
      for (int i = 0; i < steps; ++i) coarse = net.blur(coarse);
      return net.add(Resize{mode, 0}, {blurred ? blur(net, v, 5) : v, coarse});
    });
  };
  EXPECT_TRUE(resized(ResizeMode::bilinear, 1, false).satisfied);
  EXPECT_FALSE(resized(ResizeMode::bilinear, 2, false).satisfied);
  EXPECT_FALSE(resized(ResizeMode::nearest, 1, false).satisfied);
  EXPECT_TRUE(resized(ResizeMode::nearest, 1, true).satisfied);
  EXPECT_TRUE(resized(ResizeMode::bilinear, 2, true).satisfied);
}

TEST(AntiAliased, CondensersAreCountedApartButNotTheTrunkInsideAGate) {
  EXPECT_TRUE(after([](Sketch& net, int v) { return net.dc_ac(v); }).satisfied);
  EXPECT_TRUE(after([](Sketch& net, int v) { return net.dc_ac(v, false); }).satisfied);
  // Every path passes pooling that both branches share, unless a residual goes around it.
  EXPECT_FALSE(after([](Sketch& net, int v) { return net.dc_ac_shared(v); }).satisfied);
  EXPECT_TRUE(after([](Sketch& net, int v) { return net.add(Add{}, {v, net.dc_ac_shared(v)}); }).satisfied);

  for (const bool residual : {false, true}) {
    const Verdict verdict = after([=](Sketch& net, int v) {
      int trunk = v;
      for (int stage = 0; stage < 3; ++stage) trunk = conv_column(1)(net, net.conv(trunk, 16 << stage, 3, 2));
      const int gate = net.add(Activation{ActivationKind::sigmoid}, net.add(Convolution{.out_channels = 8}, v));
      const int gated = net.add(Multiply{}, {net.add(Resize{}, {net.pointwise(trunk, 8), v}), gate});
      return residual ? net.add(Add{}, {gated, v}) : gated;
    });
    EXPECT_FALSE(verdict.satisfied) << residual;
    EXPECT_EQ(verdict.vertices.size(), 3u);
    EXPECT_THAT(verdict.message, HasSubstr("0 of 0 in condensers"));
  }
}

TEST(AntiAliased, NoDownsamplingIsSatisfiedAndShareIsAParameter) {
  Sketch net(32);
  EXPECT_TRUE(judge(kFiltered, net.finish(net.conv(0, 8, 3))).satisfied);
  Sketch half(32);
  const Architecture mixed = half.finish(half.conv(half.blur(half.conv(0, 8, 3)), 8, 3, 2));
  EXPECT_DOUBLE_EQ(judge(kFiltered, mixed).measured, 0.5);
  EXPECT_TRUE(judge({{"constraint", "anti_aliased_downsampling"}, {"min_share", 0.5}}, mixed).satisfied);
}

}  // namespace
}  // namespace gensynth::rules
