// Networks built by hand are points of the space: one in the manner of the AttendNeXt paper, and plain ones that the
// design rules should reject.
#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "architecture/cost.hpp"
#include "architecture/hash.hpp"
#include "generator/columnar/columnar_space.hpp"
#include "tests/generator/space/labelled.hpp"

namespace gensynth::columnar {
namespace {

using Answers = std::map<std::string, std::string>;

const ColumnarSpace& imagenet_space() {
  static const ColumnarSpace space(columnar::options_from_json({{"px", 224}, {"classes", 1000}}, "test", ""));
  return space;
}

Architecture build(const Answers& answers) {
  const ColumnarSpace& space = imagenet_space();
  gensynth::testing::LabelledChooser chooser(space, answers);
  space.walk(chooser);
  EXPECT_EQ(chooser.unused(), std::set<std::string>{});
  EXPECT_TRUE(space.contains(chooser.genotype));
  return space.build(chooser.genotype);
}

/// Heterogeneous columns, independent early and joined more and more often; anti-aliased downsampling throughout;
/// double-condensing attention condensers in every stage.
Answers paper_manner() {
  return {
      {"activation", "relu"},
      {"stem.reduction", "4"},
      {"stem.width", "24"},
      {"stem.kind", "blur_convolution"},
      {"stem.taps", "3"},
      {"downsampling", "blur3"},
      {"stages", "4"},
      {"head.width", "640"},
      {"stage#.tied", "free"},
      // Stage 0: three columns that never meet.
      {"stage0.columns", "3"},
      {"stage0.interaction", "none"},
      {"stage0.column0.width", "24"},
      {"stage0.column0.depth", "2"},
      {"stage0.column0.block", "dc_ac"},
      {"stage0.column1.width", "16"},
      {"stage0.column1.depth", "2"},
      {"stage0.column1.block", "depthwise_separable"},
      {"stage0.column2.width", "16"},
      {"stage0.column2.depth", "2"},
      {"stage0.column2.block", "inverted_residual"},
      {"stage0.column2.expansion", "2"},
      // Stage 1: three columns that meet once, at its end.
      {"stage1.columns", "3"},
      {"stage1.interaction", "shuffle"},
      {"stage1.every", "stage_end"},
      {"stage1.reach", "neighbour"},
      {"stage1.column0.width", "32"},
      {"stage1.column0.depth", "3"},
      {"stage1.column0.block", "dc_ac"},
      {"stage1.column1.width", "40"},
      {"stage1.column1.depth", "2"},
      {"stage1.column1.block", "inverted_residual"},
      {"stage1.column1.expansion", "4"},
      {"stage1.column2.width", "24"},
      {"stage1.column2.depth", "2"},
      {"stage1.column2.block", "depthwise_separable"},
      // Stage 2: two columns that meet after every second block.
      {"stage2.columns", "2"},
      {"stage2.interaction", "concat_mix"},
      {"stage2.every", "second_block"},
      {"stage2.column0.width", "96"},
      {"stage2.column0.depth", "3"},
      {"stage2.column0.block", "dc_ac"},
      {"stage2.column1.width", "96"},
      {"stage2.column1.depth", "3"},
      {"stage2.column1.block", "inverted_residual"},
      {"stage2.column1.expansion", "4"},
      // Stage 3: two columns that meet after every block.
      {"stage3.columns", "2"},
      {"stage3.interaction", "concat_mix"},
      {"stage3.every", "block"},
      {"stage3.column0.width", "128"},
      {"stage3.column0.depth", "2"},
      {"stage3.column0.block", "dc_ac"},
      {"stage3.column1.width", "128"},
      {"stage3.column1.depth", "2"},
      {"stage3.column1.block", "inverted_residual"},
      {"stage3.column1.expansion", "6"},
      // The same everywhere.
      {"stage#.column#.kernel", "3"},
      {"stage#.column#.squeeze", "no"},
      {"stage#.column#.groups", "1"},
      {"stage#.column#.residual", "yes"},
      {"stage#.column#.ratio", "2"},
      {"stage#.column#.condense", "blur_pool"},
      {"stage#.column#.resize", "nearest"},
      {"stage#.column#.reduction", "2"},
      {"stage#.column#.embed_depth", "1"},
      {"stage#.column#.embed_width", "1"},
      {"stage#.column#.embed_groups", "depthwise"},
      {"stage#.column#.gate", "hard_sigmoid"},
  };
}

TEST(PaperNetwork, IsAPointOfTheSpace) {
  const Architecture network = build(paper_manner());
  const Cost counted = cost(network);
  EXPECT_EQ(counted.params, 1'921'688);
  EXPECT_EQ(counted.macs, 157'553'568);
  EXPECT_EQ(to_string(canonical_hash(network)), "d602d67e4979223165e97ad027bebe80");
}

TEST(PaperNetwork, DownsamplesByFixedFiltersOnly) {
  const Architecture network = build(paper_manner());
  int filters = 0;
  for (int v = 1; v < network.size(); ++v) {
    const bool coarser = network.shape(v).height < network.shape(network.input(v, 0)).height;
    if (!coarser || std::holds_alternative<GlobalPool>(network.op(v))) continue;
    EXPECT_TRUE(std::holds_alternative<BlurPool>(network.op(v))) << network[v].id;
    ++filters;
  }
  // The stem halves twice; two transitions of three columns, one of two; one condenser in each of the ten DC-ACs.
  EXPECT_EQ(filters, 2 + 3 + 3 + 2 + 10);
}

TEST(PaperNetwork, ColumnsOfTheFirstStageNeverMeet) {
  const Architecture network = build(paper_manner());
  std::map<int, int> columns_meeting;
  for (int v = 1; v < network.size(); ++v) {
    if (network[v].placement.role == Role::mix) ++columns_meeting[network[v].placement.stage];
  }
  EXPECT_EQ(columns_meeting.count(0), 0U);
  EXPECT_GT(columns_meeting[1], 0);
  std::map<int, std::set<int>> gated_stages;
  for (int v = 1; v < network.size(); ++v) {
    if (std::holds_alternative<Multiply>(network.op(v))) {
      gated_stages[network[v].placement.stage].insert(network[v].placement.column);
    }
  }
  EXPECT_EQ(gated_stages.size(), 4U);
}

/// MobileNetV2's outline: one column everywhere.
Answers single_trunk() {
  Answers answers{{"activation", "relu"},
                  {"stem.reduction", "2"},
                  {"stem.width", "32"},
                  {"stem.kind", "strided_convolution"},
                  {"downsampling", "strided_convolution"},
                  {"stages", "5"},
                  {"head.width", "1024"},
                  {"stage#.columns", "1"},
                  {"stage#.column#.depth", "2"},
                  {"stage#.column#.block", "inverted_residual"},
                  {"stage#.column#.kernel", "3"},
                  {"stage#.column#.expansion", "6"},
                  {"stage#.column#.squeeze", "no"}};
  const std::map<int, std::string> widths{{0, "16"}, {1, "24"}, {2, "32"}, {3, "96"}, {4, "192"}};
  for (const auto& [stage, width] : widths) answers["stage" + std::to_string(stage) + ".column0.width"] = width;
  return answers;
}

TEST(PlainNetworks, SingleTrunkHasNoColumns) {
  const Architecture network = build(single_trunk());
  for (int v = 0; v < network.size(); ++v) {
    EXPECT_FALSE(std::holds_alternative<Concat>(network.op(v)) || std::holds_alternative<Split>(network.op(v)));
    EXPECT_LE(network[v].placement.column, 0);
  }
  EXPECT_EQ(network.shape(network.output()).channels, 1000);
}

TEST(PlainNetworks, StridedPointwiseCanBeSaid) {
  Answers answers = single_trunk();
  answers["downsampling"] = "strided_pointwise";
  const Architecture network = build(answers);
  int strided_pointwise = 0;
  for (int v = 0; v < network.size(); ++v) {
    const auto* convolution = std::get_if<Convolution>(&network.op(v));
    if (convolution != nullptr && convolution->stride == Pair{2, 2} && convolution->kernel == Pair{1, 1}) {
      ++strided_pointwise;
    }
  }
  EXPECT_EQ(strided_pointwise, 4);
}

TEST(PlainNetworks, DownsamplingCanDifferByColumn) {
  Answers answers = paper_manner();
  answers["downsampling"] = "by_column";
  answers["stage#.column#.down"] = "blur5";
  answers["stage0.column1.down"] = "max_pool";
  const Architecture network = build(answers);
  std::map<int, int> taps;
  for (int v = 0; v < network.size(); ++v) {
    if (network[v].placement.role != Role::downsample) continue;
    if (const auto* blur = std::get_if<BlurPool>(&network.op(v))) ++taps[blur->taps];
    if (std::holds_alternative<Pool>(network.op(v))) ++taps[-1];
  }
  EXPECT_EQ(taps, (std::map<int, int>{{5, 7}, {-1, 1}}));
}

}  // namespace
}  // namespace gensynth::columnar
