#include "generator/nasbench201/nasbench201_space.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "architecture/base/error.hpp"
#include "architecture/cost.hpp"

namespace gensynth::nasbench201 {
namespace {

TEST(NasBench201Space, HasFifteenThousandGenotypes) {
  const NasBench201Space space;
  EXPECT_NEAR(std::pow(10, space.log10_size()), 15'625, 1e-6);
  const std::vector<space::Decision> asked = space.decisions({0, 1, 2, 3, 4, 0});
  ASSERT_EQ(asked.size(), 6U);
  EXPECT_EQ(asked[0].name, "edge0-1");
  EXPECT_EQ(asked[2].name, "edge1-2");
  EXPECT_EQ(asked[5].name, "edge2-3");
  for (const space::Decision& decision : asked) {
    EXPECT_EQ(decision.choices, 5);
    EXPECT_FALSE(decision.ordinal);
  }
  EXPECT_EQ(space.label(asked[0], 3), "nor_conv_3x3");
  EXPECT_THROW(space.label(asked[0], 5), Error);
}

TEST(NasBench201Space, SpeaksTheBenchmarksNotation) {
  const NasBench201Space space;
  const space::Genotype genotype{3, 0, 1, 4, 2, 3};
  const std::string text = "|nor_conv_3x3~0|+|none~0|skip_connect~1|+|avg_pool_3x3~0|nor_conv_1x1~1|nor_conv_3x3~2|";
  EXPECT_EQ(space.arch_string(genotype), text);
  EXPECT_EQ(space.from_arch_string(text), genotype);
  Rng rng(1);
  for (int i = 0; i < 100; ++i) {
    const space::Genotype sample = space.sample(rng);
    EXPECT_EQ(space.from_arch_string(space.arch_string(sample)), sample);
  }
  EXPECT_THROW(space.from_arch_string("|nor_conv_3x4~0|+|none~0|none~1|+|none~0|none~1|none~2|"), Error);
  EXPECT_THROW(space.from_arch_string("|none~0|"), Error);
  EXPECT_THROW(space.arch_string({0, 0, 0}), Error);
}

TEST(NasBench201Space, CountsAsPublished) {
  const NasBench201Space space;
  const auto macs = [&](const space::Genotype& genotype) {
    return static_cast<double>(cost(space.build(genotype)).macs);
  };
  // arXiv:2001.00326: 7.78 M multiply-accumulates without a convolution in the cells, 35.39 M for each 3x3 edge, 3.93 M
  // for each 1x1 edge.
  const double base = macs({1, 1, 1, 1, 1, 1});
  EXPECT_NEAR(base / 1e6, 7.78, 0.01);
  EXPECT_NEAR((macs({3, 1, 1, 1, 1, 1}) - base) / 1e6, 35.39, 0.01);
  EXPECT_NEAR((macs({2, 1, 1, 1, 1, 1}) - base) / 1e6, 3.93, 0.01);
  EXPECT_NEAR(macs({3, 3, 3, 3, 3, 3}) / 1e6, 220.12, 0.01);
}

TEST(NasBench201Space, EveryGenotypeBuilds) {
  const NasBench201Space space;
  Rng rng(2);
  for (int i = 0; i < 500; ++i) EXPECT_EQ(space.build(space.sample(rng)).shape(0).height, 32);
  const Architecture nothing = space.build({0, 0, 0, 0, 0, 0});
  EXPECT_EQ(nothing.shape(nothing.output()).channels, 10);
}

TEST(NasBench201Space, TakesResolutionAndClasses) {
  const NasBench201Space space({16, 120});
  const Architecture network = space.build({3, 3, 3, 3, 3, 3});
  EXPECT_EQ(network.shape(0).height, 16);
  EXPECT_EQ(network.shape(network.output()).channels, 120);
  EXPECT_THROW(NasBench201Space({30, 10}), Error);
}

}  // namespace
}  // namespace gensynth::nasbench201
