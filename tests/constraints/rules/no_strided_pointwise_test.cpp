#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <tuple>

#include "architecture/zoo/zoo.hpp"
#include "tests/constraints/networks.hpp"
#include "tests/constraints/verdicts.hpp"

namespace gensynth::rules {
namespace {

using namespace gensynth::testing;
using constraints::Verdict;
using ::testing::HasSubstr;

const nlohmann::json kStrided = {{"constraint", "no_strided_pointwise"}};

TEST(NoStridedPointwise, GoldenNetworks) {
  EXPECT_EQ(judge(kStrided, resnet50(true)).measured, 3);   // the projections of three stages
  EXPECT_EQ(judge(kStrided, resnet50(false)).measured, 3);  // and, from the same maps, the first convolutions
  EXPECT_EQ(judge(kStrided, resnet50(false)).vertices.size(), 6u);
  for (const Architecture& net :
       {googlenet(), shufflenet_v2(), mobilenet_v3_like(), dc_ac_trunk(), heterogeneous_columns()}) {
    const Verdict verdict = judge(kStrided, net);
    EXPECT_TRUE(verdict.satisfied) << verdict.message;
    EXPECT_TRUE(verdict.hard);
    EXPECT_EQ(verdict.violation, 0);
  }
  const Verdict verdict = judge(kStrided, resnet50(true));
  EXPECT_FALSE(verdict.satisfied);
  EXPECT_EQ(verdict.violation, 3);
  EXPECT_EQ(verdict.vertices.size(), 3u);
  EXPECT_THAT(verdict.message, HasSubstr("3 operators leave places of a map unread"));
  EXPECT_THAT(verdict.message, HasSubstr("reads 784 of the 3136 places of a 56x56 map"));
}

TEST(NoStridedPointwise, ReferenceNetworksWithStridedProjectionsAlone) {
  for (const zoo::ZooFacts& facts : zoo::zoo_list()) {
    const bool projected = facts.family == "resnet" || facts.family.starts_with("regnet") ||
                           (facts.family == "mobileone" && facts.name.ends_with("-train"));
    EXPECT_EQ(judge(kStrided, zoo::zoo_network(facts.name)).satisfied, !projected) << facts.name << " " << facts.family;
  }
}

/// Whether one operator on a square map with 8 channels violates the rule.
bool offends(const Operator& op, int px = 16) {
  Sketch net(px);
  return !judge(kStrided, net.finish(net.add(op, net.conv(0, 8, 3)))).satisfied;
}

Convolution conv(Pair kernel, Pair stride, Pair dilation = {}, Pair padding = {0, 0}) {
  return Convolution{.out_channels = 8, .kernel = kernel, .stride = stride, .padding = padding, .dilation = dilation};
}

TEST(NoStridedPointwise, WindowsAgainstStrides) {
  EXPECT_FALSE(offends(conv({1, 1}, {1, 1})));
  EXPECT_TRUE(offends(conv({1, 1}, {2, 2})));
  EXPECT_TRUE(offends(conv({1, 1}, {1, 2})));
  EXPECT_FALSE(offends(conv({2, 2}, {2, 2})));
  EXPECT_TRUE(offends(conv({3, 1}, {2, 2})));  // on one axis
  EXPECT_FALSE(offends(conv({3, 1}, {2, 1})));
  EXPECT_TRUE(offends(conv({2, 2}, {3, 3})));
  EXPECT_TRUE(offends(conv({3, 3}, {4, 4})));
  EXPECT_TRUE(offends(Pool{PoolKind::max, {1, 1}, {2, 2}}));
  EXPECT_FALSE(offends(Pool{PoolKind::average, {2, 2}, {2, 2}}));
  EXPECT_TRUE(offends(Pool{PoolKind::average, {2, 2}, {3, 3}}));
  EXPECT_FALSE(offends(BlurPool{2, 2}));
  EXPECT_TRUE(offends(BlurPool{2, 3}));
  EXPECT_TRUE(offends(BlurPool{3, 5}));
  EXPECT_FALSE(offends(Resize{ResizeMode::nearest, 2}));
}

TEST(NoStridedPointwise, DilatedWindowsByThePlacesThatTheyRead) {
  EXPECT_TRUE(offends(conv({3, 3}, {2, 2}, {2, 2})));  // every second place only
  EXPECT_TRUE(offends(conv({3, 3}, {2, 2}, {2, 2}, {2, 2})));
  EXPECT_TRUE(offends(conv({3, 3}, {2, 2}, {101, 101}, {101, 101})));  // the centre alone meets the map
  EXPECT_TRUE(offends(conv({3, 3}, {3, 3}, {3, 3}, {3, 3})));
  EXPECT_FALSE(offends(conv({3, 3}, {2, 2}, {3, 3}, {3, 3})));
  EXPECT_FALSE(offends(conv({3, 3}, {1, 1}, {7, 7}, {7, 7})));
}

TEST(NoStridedPointwise, CountedOnTheActualMap) {
  EXPECT_TRUE(offends(conv({5, 5}, {5, 5}), 9));  // one window: 56 of 81 places unread
  EXPECT_FALSE(offends(conv({5, 5}, {5, 5}), 10));
  EXPECT_TRUE(offends(conv({4, 4}, {4, 4}), 7));
  EXPECT_TRUE(offends(Pool{PoolKind::max, {4, 4}, {4, 4}}, 15));
  EXPECT_FALSE(offends(Pool{PoolKind::max, {4, 4}, {4, 4}, {2, 2}}, 15));
  EXPECT_TRUE(offends(Pool{PoolKind::max, {2, 2}, {2, 2}}, 3));  // 5 of 9
  EXPECT_FALSE(offends(Pool{PoolKind::max, {2, 2}, {2, 2}, {0, 0}, true}, 3));
  // One row and one column at the border of a map that stride 2 does not divide.
  EXPECT_FALSE(offends(conv({3, 3}, {2, 2}), 16));
  EXPECT_FALSE(offends(Pool{PoolKind::max, {2, 2}, {2, 2}}, 7));
  EXPECT_TRUE(offends(conv({1, 1}, {2, 2}), 2));
  EXPECT_FALSE(offends(conv({1, 1}, {2, 2}), 1));  // there is one place, and it is read
}

TEST(NoStridedPointwise, ResizesToSmallerMaps) {
  for (const auto& [mode, steps, expected] :
       {std::tuple(ResizeMode::nearest, 1, 1), std::tuple(ResizeMode::bilinear, 1, 0),
        std::tuple(ResizeMode::bilinear, 2, 1)}) {
    Sketch net(16);
    const int fine = net.conv(0, 8, 3);
    int coarse = fine;
    for (int i = 0; i < steps; ++i) coarse = net.blur(coarse);
    const int resized = net.add(Resize{mode, 0}, {fine, coarse});
    EXPECT_EQ(judge(kStrided, net.finish(net.add(Add{}, {resized, coarse}))).measured, expected);
  }
}

TEST(NoStridedPointwise, CountsWhateverIsBeforeItOrInAnotherBranch) {
  Sketch net(32);
  const int pool = net.add(Pool{PoolKind::max, {1, 1}, {2, 2}}, net.pointwise(net.conv(0, 8, 3), 16));
  const Architecture built = net.finish(pool);
  EXPECT_EQ(judge(kStrided, built).vertices, std::vector<int>{pool});

  Sketch blurred(32);
  const int before = blurred.add(BlurPool{3, 1}, blurred.conv(0, 8, 3));
  EXPECT_FALSE(judge(kStrided, blurred.finish(blurred.conv(before, 16, 1, 2))).satisfied);

  Sketch dead(32);  // a branch that ends in zeros reads nothing
  const int kept = dead.conv(0, 8, 3, 2);
  const int zero = dead.add(Zero{}, dead.conv(0, 8, 1, 2));
  EXPECT_TRUE(judge(kStrided, dead.finish(dead.add(Add{}, {kept, zero}))).satisfied);
}

}  // namespace
}  // namespace gensynth::rules
