#include "search/analysis/conflicts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "architecture/cost.hpp"
#include "tests/search/scratch.hpp"

namespace gensynth::analysis {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<std::string> conflicts_of(const std::vector<std::pair<std::string, std::string>>& rules) {
  json text = testing::untrained_job();
  text["constraints"] = json::array();
  for (const auto& [label, expression] : rules) {
    text["constraints"].push_back({{"constraint", "expression"}, {"expression", expression}, {"label", label}});
  }
  const run::SearchContext parts(job::job_from_json(text, "job"));
  return conflicts(parts, 100, 1);
}

std::string median_parameters() {
  const run::SearchContext parts(job::job_from_json(testing::untrained_job(), "job"));
  Rng rng(7);
  std::vector<std::int64_t> params;
  for (int i = 0; i < 51; ++i) params.push_back(cost(parts.space->build(parts.space->sample(rng))).params);
  std::sort(params.begin(), params.end());
  return std::to_string(params[25]);
}

TEST(Conflicts, ThereAreNoneWhileSomeNetworkIsFeasible) {
  EXPECT_THAT(conflicts_of({}), IsEmpty());
  EXPECT_THAT(conflicts_of({{"any", "params > 0"}, {"some", "latency_ms > 0"}}), IsEmpty());
}

TEST(Conflicts, ARuleThatNothingMeetsIsNamed) {
  EXPECT_THAT(conflicts_of({{"any", "params > 0"}, {"impossible", "params < 1"}}),
              ElementsAre(AllOf(HasSubstr("none of 100"), HasSubstr("'impossible'"))));
}

TEST(Conflicts, APairThatExcludesEachOtherIsNamedWithItsShares) {
  const std::string median = median_parameters();  // each rule is met by half of the space
  const std::vector<std::string> found =
      conflicts_of({{"small", "params < " + median}, {"any", "params > 0"}, {"large", "params > " + median}});
  EXPECT_THAT(found,
              ElementsAre(AllOf(HasSubstr("'small' and 'large' exclude each other"), HasSubstr("none meets both"))));
}

TEST(Conflicts, WithoutAPairToBlameAllAreNamed) {
  const constraints::ConstraintSet set(registry::ConstraintRegistry().create_all(
      json::array({{{"constraint", "expression"}, {"expression", "params > 0"}, {"label", "a"}},
                   {{"constraint", "expression"}, {"expression", "params > 1"}, {"label", "b"}}}),
      "test", ""));
  ConflictCounter counter(set);
  const auto verdict = [](const char* name, bool satisfied) {
    constraints::Verdict result;
    result.constraint = name;
    result.satisfied = satisfied;
    return result;
  };
  for (int i = 0; i < 4; ++i) counter.add({verdict("a", i == 0), verdict("b", i == 1)});
  EXPECT_THAT(counter.conflicts(), ElementsAre(HasSubstr("all hard constraints together")));
  counter.add({verdict("a", true), verdict("b", true)});
  EXPECT_THAT(counter.conflicts(), IsEmpty());
}

}  // namespace
}  // namespace gensynth::analysis
