#include "generator/columnar/columnar_space.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "architecture/base/error.hpp"
#include "architecture/cost.hpp"

namespace gensynth::columnar {
namespace {

ColumnarSpace space_of(const nlohmann::json& options) {
  return ColumnarSpace(columnar::options_from_json(options, "test", ""));
}

int count_genotypes(const space::SearchSpace& space) {
  int count = 0;
  space::Genotype prefix;
  const std::function<void()> visit = [&] {
    const auto decision = space.next(prefix);
    if (!decision) {
      ++count;
      return;
    }
    for (int choice = 0; choice < decision->choices; ++choice) {
      prefix.push_back(choice);
      visit();
      prefix.pop_back();
    }
  };
  visit();
  return count;
}

TEST(ColumnarSpace, EveryGenotypeBuildsAtEveryResolution) {
  Rng rng(11);
  for (const int px : {32, 64, 96, 128, 160, 192, 208, 224}) {
    const ColumnarSpace space = space_of({{"px", px}, {"classes", 10}});
    for (int i = 0; i < 150; ++i) {
      const space::Genotype genotype = space.sample(rng);
      ASSERT_NO_THROW({
        const Architecture network = space.build(genotype);
        ASSERT_EQ(network.shape(network.input()).height, px);
        ASSERT_EQ(network.shape(network.output()), (Shape{Layout::vector, 10, 1, 1}));
      }) << "px "
         << px << " " << ::testing::PrintToString(genotype);
    }
  }
}

TEST(ColumnarSpace, BuildsOnMapsThatShrinkToNothing) {
  Rng rng(12);
  for (const int px : {16, 17, 19, 23, 28, 31}) {
    const ColumnarSpace space =
        space_of({{"px", px}, {"classes", 2}, {"min_stages", 5}, {"stem_reductions", {4}}, {"channels", 1}});
    for (int i = 0; i < 150; ++i) ASSERT_NO_THROW(space.build(space.sample(rng))) << px;
  }
}

TEST(ColumnarSpace, BuildsWithWidthsThatNothingDivides) {
  Rng rng(13);
  const ColumnarSpace space = space_of({{"px", 32},
                                        {"classes", 3},
                                        {"widths", {{4, 5, 7}, {9, 11, 13}, {13, 17, 25}, {5, 31, 33}, {7, 10, 41}}},
                                        {"groups", {1, 3, 6, 7}},
                                        {"stem_widths", {5, 7}},
                                        {"kernels", {1, 2, 3, 6, 11}},
                                        {"fused_kernels", {1, 2, 4, 5}}});
  for (int i = 0; i < 500; ++i) ASSERT_NO_THROW(space.build(space.sample(rng)));
}

TEST(ColumnarSpace, VariedGenotypesBuild) {
  const ColumnarSpace space = space_of({{"px", {32, 64, 128}}, {"classes", 10}});
  Rng rng(14);
  space::Genotype a = space.sample(rng);
  space::Genotype b = space.sample(rng);
  for (int i = 0; i < 200; ++i) {
    a = space.mutate(a, 3, rng);
    b = space.crossover(a, space.sample(rng), rng);
    ASSERT_NO_THROW(space.build(a));
    ASSERT_NO_THROW(space.build(b));
  }
  std::vector<space::Genotype> around = space.neighbours(a);
  for (const space::Genotype& genotype : around) ASSERT_NO_THROW(space.build(genotype));
}

TEST(ColumnarSpace, PriorIsSensibleOnImageNet) {
  const ColumnarSpace space = space_of({{"px", 224}, {"classes", 1000}});
  Rng rng(2022);
  int sensible = 0;
  for (int i = 0; i < 500; ++i) {
    const Cost counted = cost(space.build(space.sample(rng)));
    sensible += counted.params >= 1'000'000 && counted.params <= 4'000'000 && counted.macs >= 30'000'000 &&
                        counted.macs <= 400'000'000
                    ? 1
                    : 0;
  }
  EXPECT_GE(sensible, 50);
}

TEST(ColumnarSpace, PriorIsSensibleOnSmallImages) {
  const ColumnarSpace space = space_of({{"px", 64}, {"classes", 100}});
  Rng rng(2022);
  std::vector<double> macs;
  for (int i = 0; i < 300; ++i) macs.push_back(static_cast<double>(cost(space.build(space.sample(rng))).macs) / 1e6);
  std::sort(macs.begin(), macs.end());
  EXPECT_GT(macs[150], 10);
  EXPECT_LT(macs[150], 60);
}

TEST(ColumnarSpace, SizeIsTheNumberOfGenotypes) {
  const nlohmann::json small = {{"px", {32, 64}},
                                {"classes", 2},
                                {"min_stages", 1},
                                {"max_stages", 2},
                                {"max_columns", 2},
                                {"blocks", {"residual"}},
                                {"widths", {{8, 16}, {8}}},
                                {"depths", {1}},
                                {"kernels", {3}},
                                {"groups", {1}},
                                {"stem_reductions", {1}},
                                {"stem_widths", {8}},
                                {"head_widths", {16}},
                                {"activations", {"relu"}},
                                {"downsampling", {"blur3", "max_pool"}}};
  const ColumnarSpace space = space_of(small);
  EXPECT_NEAR(std::pow(10, space.log10_size()), count_genotypes(space), 1e-6 * count_genotypes(space));

  nlohmann::json blocks = small;
  blocks["px"] = 64;
  blocks["min_stages"] = blocks["max_stages"] = 1;
  blocks["max_columns"] = 1;
  blocks["blocks"] = {"dc_ac", "inverted_residual", "depthwise_separable"};
  blocks["downsampling"] = {"blur3"};
  const ColumnarSpace one_column = space_of(blocks);
  // 2 widths x (dc_ac: ratio 1, or 4 ratios x 4 condensers x 2 resizes; x 3 reductions x 2 x 2 x 3 embeddings x 2 gates
  // x 2 residuals; inverted residual: 3 expansions x 2; depthwise separable: 2)
  EXPECT_EQ(count_genotypes(one_column), 2 * (33 * 3 * 12 * 4 + 3 * 2 + 2));
  EXPECT_NEAR(std::pow(10, one_column.log10_size()), count_genotypes(one_column), 1e-3);

  // The number of blocks with two plans is computed, those of the others are visited.
  blocks["blocks"] = {"dc_ac_untied", "fused_grouped"};
  blocks["kernels"] = {2, 3, 5};
  blocks["groups"] = {1, 2};
  const int condensers = 33 * 3 * 12;
  const int untied = 3 * condensers * 2 * condensers * 2;  // kernels, A with two gates, B, residuals
  const int fused = 2 * 3 * 2;                             // kernels of its own, expansions, groups
  EXPECT_NEAR(std::pow(10, space_of(blocks).log10_size()), 2.0 * (untied + fused), 1);

  nlohmann::json four = small;
  four["px"] = 64;
  four["max_stages"] = 1;
  four["max_columns"] = 4;
  const ColumnarSpace columns = space_of(four);
  // n columns of 2 widths: 2; (4 + 2) x 10; (8 + 2) x 19; (16 + 2) x 19; and three ways to set the downsampling
  EXPECT_EQ(count_genotypes(columns), 3 * (2 + 60 + 190 + 342));
  EXPECT_NEAR(std::pow(10, columns.log10_size()), 3 * (2 + 60 + 190 + 342), 1e-3);
}

TEST(ColumnarSpace, LabelsTellChoicesApart) {
  const ColumnarSpace space = space_of({{"px", {64, 224}}});
  Rng rng(15);
  std::set<std::string> kinds;
  for (int i = 0; i < 100; ++i) {
    for (const space::Decision& decision : space.decisions(space.sample(rng))) {
      kinds.insert(space::generic_name(decision.name));
      std::set<std::string> labels;
      for (int choice = 0; choice < decision.choices; ++choice) labels.insert(space.label(decision, choice));
      ASSERT_EQ(static_cast<int>(labels.size()), decision.choices) << decision.name;
      ASSERT_GT(decision.choices, 1) << decision.name;
    }
  }
  EXPECT_EQ(kinds.size(), 39U);
  EXPECT_THROW(space.label({"stage0.column0.width", 4, true}, 4), Error);
  EXPECT_THROW(space.label({"stage0.column0.colour", 4, true}, 0), Error);
  EXPECT_THROW(space.label({"stage9.columns", 4, true}, 0), Error);
}

TEST(ColumnarSpace, NamesAreUniqueInAGenotype) {
  const ColumnarSpace space;
  Rng rng(16);
  for (int i = 0; i < 100; ++i) {
    std::set<std::string> names;
    for (const space::Decision& decision : space.decisions(space.sample(rng))) {
      EXPECT_TRUE(names.insert(decision.name).second) << decision.name;
    }
  }
}

TEST(ColumnarSpace, EveryVertexIsPlaced) {
  const ColumnarSpace space = space_of({{"px", 64}, {"classes", 10}});
  Rng rng(17);
  const std::set<Role> of_stages{Role::condenser, Role::embedding, Role::expansion, Role::gate, Role::residual};
  for (int i = 0; i < 50; ++i) {
    const space::Genotype genotype = space.sample(rng);
    const Architecture network = space.build(genotype);
    int last_stage = -1;
    for (int v = 1; v < network.size(); ++v) {
      const Placement& place = network[v].placement;
      const bool outside = place.role == Role::stem || place.role == Role::head || place.role == Role::join;
      EXPECT_EQ(place.stage < 0, outside) << network[v].id;
      if (of_stages.count(place.role) > 0) {
        EXPECT_GE(place.column, 0);
        EXPECT_GE(place.block, 0);
      }
      last_stage = std::max(last_stage, place.stage);
    }
    const std::vector<space::Decision> asked = space.decisions(genotype);
    for (std::size_t d = 0; d < asked.size(); ++d) {
      if (asked[d].name != "stages") continue;
      EXPECT_EQ(space.label(asked[d], genotype[d]), std::to_string(last_stage + 1));
    }
  }
}

TEST(ColumnarSpace, RefusesWhatIsNoGenotypeOfIt) {
  const ColumnarSpace space;
  Rng rng(18);
  space::Genotype genotype = space.sample(rng);
  genotype.push_back(0);
  EXPECT_THROW(space.build(genotype), Error);
  genotype.resize(5);
  EXPECT_THROW(space.build(genotype), Error);
  EXPECT_THROW(space.build({17}), Error);
}

}  // namespace
}  // namespace gensynth::columnar
