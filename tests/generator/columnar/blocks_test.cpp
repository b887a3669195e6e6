#include "generator/columnar/blocks.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <set>

#include "architecture/cost.hpp"
#include "architecture/hash.hpp"
#include "architecture/rewrite/window.hpp"
#include "generator/columnar/genes.hpp"

namespace gensynth::columnar {
namespace {

/// One block on a map of the given size, as a network of its own.
Architecture block_network(const ColumnPlan& plan, int extent, int channels = 32) {
  ArchitectureBuilder builder("block", Shape{Layout::map, channels, extent, extent});
  Layers layers(builder, ActivationKind::relu);
  const int out = build_block(layers, plan, builder.input());
  return builder.build(out);
}

template <typename Op>
std::vector<int> all(const Architecture& network) {
  std::vector<int> found;
  for (int v = 0; v < network.size(); ++v) {
    if (std::holds_alternative<Op>(network.op(v))) found.push_back(v);
  }
  return found;
}

std::vector<int> activations(const Architecture& network, ActivationKind kind) {
  std::vector<int> found;
  for (const int v : all<Activation>(network)) {
    if (std::get<Activation>(network.op(v)).kind == kind) found.push_back(v);
  }
  return found;
}

std::set<int> ancestors(const Architecture& network, int v) {
  std::set<int> seen;
  std::vector<int> open{v};
  while (!open.empty()) {
    const int at = open.back();
    open.pop_back();
    for (const int u : network.inputs(at)) {
      if (seen.insert(u).second) open.push_back(u);
    }
  }
  return seen;
}

constexpr std::array kCondensers{Condense::max_pool, Condense::blur_pool, Condense::strided_convolution,
                                 Condense::average_pool};

ColumnPlan dc_ac(int ratio, Condense condense, bool residual) {
  ColumnPlan plan;
  plan.block = BlockKind::dc_ac;
  plan.residual = residual;
  plan.condenser.ratio = ratio;
  plan.condenser.condense = condense;
  plan.condenser.gate = ActivationKind::sigmoid;
  return plan;
}

TEST(Blocks, KeepTheShapeOfTheirMap) {
  for (const BlockKind kind :
       {BlockKind::dc_ac, BlockKind::inverted_residual, BlockKind::depthwise_separable, BlockKind::residual,
        BlockKind::attention_condenser, BlockKind::visual_attention_condenser, BlockKind::dc_ac_untied,
        BlockKind::fused_grouped}) {
    for (const int extent : {1, 2, 3, 4, 5, 7, 14, 28}) {
      for (const int ratio : kRatios) {
        for (const Condense condense : kCondensers) {
          for (const int kernel : {2, 4, 5}) {
            ColumnPlan plan = dc_ac(ratio, condense, true);
            plan.block = kind;
            plan.kernel = kernel;
            plan.squeeze = true;
            plan.groups = 4;
            plan.values.ratio = 4;
            plan.values.condense = Condense::average_pool;
            const Architecture network = block_network(plan, extent);
            EXPECT_EQ(network.shape(network.output()), (Shape{Layout::map, 32, extent, extent}));
          }
        }
      }
    }
  }
}

/// The middle of the places that an output place of a chain of convolutions reads is the place itself.
TEST(Blocks, EvenKernelsDoNotShiftTheMap) {
  for (const BlockKind kind :
       {BlockKind::inverted_residual, BlockKind::depthwise_separable, BlockKind::residual, BlockKind::fused_grouped}) {
    for (const int kernel : {2, 4}) {
      ColumnPlan plan;
      plan.block = kind;
      plan.kernel = kernel;
      plan.residual = false;
      const Architecture network = block_network(plan, 14);
      int reach = 0;
      int padding = 0;
      for (const int v : all<Convolution>(network)) {
        const auto& convolution = std::get<Convolution>(network.op(v));
        reach += convolution.kernel.h - 1;
        padding += convolution.padding.h;
      }
      EXPECT_EQ(reach, 2 * padding);
      EXPECT_EQ(reach, 2 * (kernel - 1));
    }
  }
}

TEST(DoubleCondensingAttentionCondenser, MultipliesAGatedAndAPlainBranchOfTheSameInput) {
  const Architecture network = block_network(dc_ac(2, Condense::strided_convolution, false), 14);
  ASSERT_EQ(all<Multiply>(network).size(), 1U);
  const int product = all<Multiply>(network).front();
  EXPECT_EQ(network.output(), product);
  const std::set<int> a = ancestors(network, network.input(product, 0));
  const std::set<int> b = ancestors(network, network.input(product, 1));
  std::set<int> common;
  std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::inserter(common, common.end()));
  EXPECT_EQ(common, std::set<int>{network.input()});  // both condense V, each for itself
  const std::vector<int> gates = activations(network, ActivationKind::sigmoid);
  ASSERT_EQ(gates.size(), 1U);
  EXPECT_TRUE(a.count(gates.front()) > 0);
  EXPECT_EQ(b.count(gates.front()), 0U);
  EXPECT_TRUE(all<Scale>(network).empty());  // the learned scale of the older condenser is gone
  EXPECT_TRUE(all<Add>(network).empty());
}

TEST(DoubleCondensingAttentionCondenser, CondensesResolutionAndChannels) {
  for (const Condense condense : kCondensers) {
    const Architecture network = block_network(dc_ac(4, condense, true), 14);
    const std::vector<int> resizes = all<Resize>(network);
    ASSERT_EQ(resizes.size(), 2U);
    for (const int resize : resizes) {
      EXPECT_EQ(network.shape(network.input(resize, 0)).height, 4);  // ceil(14 / 4)
      EXPECT_EQ(network.shape(network.input(resize, 0)).channels, 32);
      EXPECT_EQ(network.input(resize, 1), network.input());
      EXPECT_EQ(network.shape(resize).height, 14);
    }
    int embedded = 0;
    for (int v = 0; v < network.size(); ++v) {
      if (network[v].placement.role != Role::embedding) continue;
      ++embedded;
      EXPECT_EQ(network.shape(v), (Shape{Layout::map, 8, 4, 4}));  // a quarter of the channels
    }
    EXPECT_GT(embedded, 0);
    EXPECT_EQ(all<BlurPool>(network).size(), condense == Condense::blur_pool ? 1U : 0U);
    const bool pools = condense == Condense::max_pool || condense == Condense::average_pool;
    EXPECT_EQ(all<Pool>(network).size(), pools ? 1U : 0U);
    EXPECT_EQ(all<Add>(network), std::vector<int>{network.output()});
  }
}

TEST(DoubleCondensingAttentionCondenser, LimitsRatiosAndKernelsToTheMap) {
  EXPECT_TRUE(all<Resize>(block_network(dc_ac(4, Condense::max_pool, true), 1)).empty());
  // A condensed map has at least two places on each axis, and its embedding no tap that is always off the map.
  EXPECT_TRUE(all<BlurPool>(block_network(dc_ac(4, Condense::blur_pool, true), 2)).empty());
  for (const Condense condense : kCondensers) {
    for (const int ratio : kRatios) {
      for (const int px : {1, 2, 3, 4, 5, 7, 9, 14, 17, 28, 56}) {
        ColumnPlan plan = dc_ac(ratio, condense, true);
        plan.kernel = 5;
        const Architecture network = block_network(plan, px);
        for (const int resize : all<Resize>(network)) EXPECT_GE(network.shape(network.input(resize, 0)).height, 2);
        for (int v = 0; v < network.size(); ++v) {
          const auto* convolution = std::get_if<Convolution>(&network.op(v));
          if (convolution == nullptr || network[v].placement.role != Role::embedding) continue;
          EXPECT_LE(convolution->kernel.h, 2 * network.shape(v).height - 1) << ratio << " at " << px;
        }
        if (px >= 2 * ratio && ratio > 1) {
          EXPECT_EQ(all<Resize>(network).size(), 2U) << ratio << " at " << px;
        }
      }
    }
  }
}

int stride(const Operator& op) {
  if (const auto* convolution = std::get_if<Convolution>(&op)) return convolution->stride.h;
  if (const auto* pool = std::get_if<Pool>(&op)) return pool->stride.h;
  const auto* blur = std::get_if<BlurPool>(&op);
  return blur == nullptr ? 1 : blur->stride;
}

TEST(DoubleCondensingAttentionCondenser, ReadsTheWholeMap) {
  for (const Condense condense : kCondensers) {
    for (const int ratio : kRatios) {
      for (int px = 2; px <= 64; ++px) {
        const Architecture network = block_network(dc_ac(ratio, condense, true), px);
        for (int v = 1; v < network.size(); ++v) {
          const Shape& in = network.shape(network.input(v, 0));
          const int read = places_read(network.op(v), in, network.shape(v)).h;
          const int border = stride(network.op(v)) == 4 ? 1 : 0;
          EXPECT_GE(read, in.height - border) << network[v].id << ", " << ratio << " at " << px;
        }
      }
    }
  }
}

TEST(DoubleCondensingAttentionCondenser, HasTheIdentityWhereBothBranchesSeeAFewPlacesOnly) {
  const auto sums = [](const ColumnPlan& plan, int px) { return all<Add>(block_network(plan, px)).size(); };
  EXPECT_EQ(sums(dc_ac(4, Condense::average_pool, false), 64), 0U);
  EXPECT_EQ(sums(dc_ac(8, Condense::average_pool, false), 64), 1U);
  EXPECT_EQ(sums(dc_ac(16, Condense::average_pool, false), 64), 1U);
  EXPECT_EQ(sums(dc_ac(16, Condense::average_pool, false), 8), 0U) << "the map limits the ratio to 4";
  ColumnPlan plan = dc_ac(16, Condense::average_pool, false);
  plan.block = BlockKind::dc_ac_untied;
  plan.values = plan.condenser;
  EXPECT_EQ(sums(plan, 64), 1U);
  plan.values.ratio = 2;
  EXPECT_EQ(sums(plan, 64), 0U) << "one branch sees enough";
}

TEST(DoubleCondensingAttentionCondenser, BranchesMayHaveAPlanEach) {
  ColumnPlan plan = dc_ac(2, Condense::max_pool, true);
  plan.values = plan.condenser;
  const auto same_as_tied = [&] {
    ColumnPlan tied = plan;
    tied.block = BlockKind::dc_ac;
    return canonical_hash(block_network(plan, 28)) == canonical_hash(block_network(tied, 28));
  };
  plan.block = BlockKind::dc_ac_untied;
  EXPECT_TRUE(same_as_tied());
  EXPECT_EQ(all<Pool>(block_network(plan, 28)).size(), 1U);  // shared
  plan.values.condense = Condense::average_pool;
  EXPECT_EQ(all<Pool>(block_network(plan, 28)).size(), 2U);
  plan.values.ratio = 8;
  plan.values.reduction = 2;
  const Architecture network = block_network(plan, 28);
  EXPECT_FALSE(same_as_tied());
  EXPECT_EQ(all<Pool>(network).size(), 2U);
  std::set<int> heights;
  for (const int resize : all<Resize>(network)) heights.insert(network.shape(network.input(resize, 0)).height);
  EXPECT_EQ(heights, (std::set<int>{4, 14}));
}

TEST(FusedGrouped, IsAGroupedConvolutionAndAProjection) {
  ColumnPlan plan;
  plan.block = BlockKind::fused_grouped;
  plan.expansion = 2;
  plan.groups = 4;
  plan.kernel = 3;
  // 32 -> 64 in four groups, 3x3; 64 -> 32, 1x1; batch norms
  EXPECT_EQ(cost(block_network(plan, 14)).params, 64 * 8 * 9 + 128 + 64 * 32 + 64);
  plan.kernel = 2;  // and a depthwise 2x2 that restores the extent
  EXPECT_EQ(cost(block_network(plan, 14)).params, 64 * 8 * 4 + 128 + 64 * 32 + 64 + 4 * 32 + 64);
}

TEST(DoubleCondensingAttentionCondenser, HasTheGenesItIsGiven) {
  ColumnPlan plan = dc_ac(2, Condense::max_pool, true);
  const auto parameters = [&] { return cost(block_network(plan, 14)).params; };
  // Per branch: 1x1 32 -> 8, depthwise 3x3, 1x1 8 -> 8, 1x1 8 -> 32, each with batch norm.
  EXPECT_EQ(parameters(), 2 * (32 * 8 + 16 + 9 * 8 + 16 + 8 * 8 + 16 + 8 * 32 + 64));
  plan.kernel = 5;
  EXPECT_EQ(parameters(), 2 * (32 * 8 + 16 + 25 * 8 + 16 + 8 * 8 + 16 + 8 * 32 + 64));
  plan.condenser.embed_groups = 1;
  plan.condenser.embed_width = 2;
  EXPECT_EQ(parameters(), 2 * (32 * 8 + 16 + 25 * 64 + 16 + 8 * 16 + 32 + 16 * 32 + 64));
  plan.condenser.embed_depth = 2;
  EXPECT_EQ(parameters(), 2 * (32 * 8 + 16 + 25 * 64 + 16 + 8 * 16 + 32 + 25 * 256 + 32 + 256 + 32 + 16 * 32 + 64));
  plan.condenser.reduction = 2;
  plan.condenser.embed_depth = 1;
  EXPECT_EQ(parameters(), 2 * (32 * 16 + 32 + 25 * 256 + 32 + 16 * 32 + 64 + 32 * 32 + 64));
}

TEST(AttentionCondenser, CondensesTheAttentionBranchAlone) {
  ColumnPlan plan = dc_ac(2, Condense::max_pool, true);
  plan.block = BlockKind::attention_condenser;
  const Architecture network = block_network(plan, 14);
  const int product = all<Multiply>(network).front();
  EXPECT_EQ(network.input(product, 0), network.input());  // V itself
  ASSERT_EQ(all<Scale>(network).size(), 1U);
  EXPECT_FALSE(std::get<Scale>(network.op(all<Scale>(network).front())).per_channel);
  EXPECT_EQ(all<Add>(network), std::vector<int>{network.output()});
}

TEST(VisualAttentionCondenser, MixesDownAndUpAroundIt) {
  ColumnPlan plan = dc_ac(2, Condense::max_pool, true);
  plan.block = BlockKind::visual_attention_condenser;
  const Architecture network = block_network(plan, 14);
  EXPECT_EQ(network.shape(all<Multiply>(network).front()).channels, 8);
  EXPECT_EQ(network.shape(network.output()).channels, 32);
}

TEST(InvertedResidual, ExpandsAndSqueezes) {
  ColumnPlan plan;
  plan.block = BlockKind::inverted_residual;
  plan.expansion = 6;
  const auto parameters = [&] { return cost(block_network(plan, 14)).params; };
  EXPECT_EQ(parameters(), 32 * 192 + 384 + 9 * 192 + 384 + 192 * 32 + 64);
  plan.squeeze = true;
  EXPECT_EQ(parameters(), 32 * 192 + 384 + 9 * 192 + 384 + 192 * 32 + 64 + (192 * 8 + 8) + (8 * 192 + 192));
  plan.expansion = 1;
  plan.squeeze = false;
  EXPECT_EQ(parameters(), 9 * 32 + 64 + 32 * 32 + 64);
}

TEST(DepthwiseSeparable, ShufflesGroupedChannels) {
  ColumnPlan plan;
  plan.block = BlockKind::depthwise_separable;
  EXPECT_TRUE(all<ChannelShuffle>(block_network(plan, 14)).empty());
  plan.groups = 4;
  const Architecture grouped = block_network(plan, 14);
  ASSERT_EQ(all<ChannelShuffle>(grouped).size(), 1U);
  EXPECT_EQ(cost(grouped).params, 9 * 32 + 64 + 32 * 32 / 4 + 64);
}

TEST(Residual, IsTwoConvolutionsAndTheIdentity) {
  ColumnPlan plan;
  plan.block = BlockKind::residual;
  plan.groups = 2;
  EXPECT_EQ(cost(block_network(plan, 14)).params, 2 * (9 * 32 * 32 / 2 + 64));
  plan.kernel = 2;
  EXPECT_EQ(cost(block_network(plan, 14)).params, 2 * (4 * 32 * 32 / 2 + 64));
}

TEST(FittingGroups, DividesBothSides) {
  EXPECT_EQ(fitting_groups(4, 32, 64), 4);
  EXPECT_EQ(fitting_groups(4, 6, 9), 3);
  EXPECT_EQ(fitting_groups(8, 7, 8), 1);
  EXPECT_EQ(fitting_groups(0, 32, 8), 8);
}

}  // namespace
}  // namespace gensynth::columnar
