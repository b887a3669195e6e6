#include "generator/space/exchange.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "generator/columnar/columnar_space.hpp"
#include "generator/nasbench201/nasbench201_space.hpp"
#include "generator/space/resembling_chooser.hpp"

namespace gensynth::space {
namespace {

/// The answers below a place, without it.
Answers below_place(const SearchSpace& space, const Genotype& genotype, const std::string& place) {
  Answers result;
  for (const auto& [name, answer] : answers_by_name(space.decisions(genotype), genotype)) {
    if (name.starts_with(place)) result[name.substr(place.size())] = answer;
  }
  return result;
}

TEST(Exchanges, SwapAllAnswersOfTwoStagesAndBack) {
  // Stages with equally many choices, so that no answer has to be clamped.
  nlohmann::json options{{"px", 64}, {"min_stages", 4}, {"max_stages", 4}};
  options["widths"] = nlohmann::json::array();
  for (int stage = 0; stage < 4; ++stage) options["widths"].push_back({8 << stage, 12 << stage});
  const columnar::ColumnarSpace space(columnar::options_from_json(options, "test", ""));
  Rng rng(3);
  for (int i = 0; i < 20; ++i) {
    const Genotype centre = space.sample(rng);
    const Answers first = below_place(space, centre, "stage1."), second = below_place(space, centre, "stage2.");
    ASSERT_FALSE(first.empty());
    int swapped = 0;
    for (const Genotype& other : exchanges(space, centre)) {
      ASSERT_TRUE(space.contains(other));
      EXPECT_NE(other, centre);
      if (below_place(space, other, "stage1.") != second || below_place(space, other, "stage2.") != first) continue;
      ++swapped;
      const std::vector<Genotype> back = exchanges(space, other);
      EXPECT_NE(std::find(back.begin(), back.end(), centre), back.end());
    }
    EXPECT_GE(swapped, 1) << i;  // more where other stages have the same answers
    EXPECT_EQ(exchanges(space, centre), exchanges(space, centre)) << "no chance in it";
  }
}

TEST(Exchanges, AreNoneWithoutPlaces) {
  const nasbench201::NasBench201Space space;
  EXPECT_TRUE(exchanges(space, {1, 2, 3, 4, 0, 1}).empty());
}

}  // namespace
}  // namespace gensynth::space
