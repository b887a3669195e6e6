#include "generator/space/resembling_chooser.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "architecture/hash.hpp"
#include "generator/columnar/columnar_space.hpp"

namespace gensynth::space {
namespace {

TEST(CarriedAnswer, IsItsOwnOrThatOfTheWhole) {
  const Answers carried{{"stage2.column1.ratio", 3}, {"stage2.column1.values.reduction", 1}, {"stage2.every", 2}};
  EXPECT_EQ(carried_answer(carried, "stage2.column1.ratio")->second, 3);
  EXPECT_EQ(carried_answer(carried, "stage2.column1.values.reduction")->second, 1);
  EXPECT_EQ(carried_answer(carried, "stage2.column1.values.ratio")->second, 3);
  EXPECT_EQ(carried_answer(carried, "stage2.column1.every"), carried.end()) << "a column is no part in this sense";
  EXPECT_EQ(carried_answer(carried, "stages"), carried.end());
  EXPECT_EQ(carried_answer(carried, ".ratio"), carried.end());
}

TEST(ResemblingChooser, KeepsResemblesOrTakesTheMiddle) {
  const Answers carried{{"stage1.column0.width", 3}};
  ResemblingChooser chooser(carried);
  EXPECT_EQ(chooser.choose({"stage1.column0.width", 5, true}), 3);
  EXPECT_EQ(chooser.choose({"stage1.column1.width", 5, true}), 3) << "like the column before";
  EXPECT_EQ(chooser.choose({"stage2.column0.width", 3, true}), 2) << "clamped";
  EXPECT_EQ(chooser.choose({"stage1.column0.kernel", 5, true}), 2) << "the middle";
  EXPECT_EQ(chooser.answers, (Genotype{3, 3, 2, 2}));
}

/// The network of a DC-AC whose branches get plans of their own stays the same until one of them changes.
TEST(CarriedAnswer, UntyingBranchesKeepsTheNetwork) {
  nlohmann::json options{{"px", 32}, {"max_columns", 1}, {"min_stages", 3}, {"max_stages", 3}};
  options["blocks"] = {"dc_ac", "dc_ac_untied"};
  const columnar::ColumnarSpace space(columnar::options_from_json(options, "test", ""));
  Rng rng(1);
  int untied = 0;
  for (int i = 0; i < 10; ++i) {
    const Genotype centre = space.sample(rng);
    const Hash128 hash = canonical_hash(space.build(centre));
    const std::vector<Decision> asked = space.decisions(centre);
    std::size_t at = 0;
    const std::vector<Genotype> around = space.neighbours(centre);
    for (std::size_t d = 0; d < asked.size(); at += static_cast<std::size_t>(asked[d].choices - 1), ++d) {
      if (!asked[d].name.ends_with("block") || centre[d] != 0) continue;
      EXPECT_EQ(canonical_hash(space.build(around[at])), hash) << asked[d].name;
      ++untied;
    }
  }
  EXPECT_GT(untied, 5);
}

}  // namespace
}  // namespace gensynth::space
