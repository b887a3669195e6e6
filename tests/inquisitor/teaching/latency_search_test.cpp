#include "inquisitor/teaching/latency_search.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <ostream>
#include <set>

#include "constraints/registry/registry.hpp"
#include "generator/make_space.hpp"
#include "generator/space/diversity.hpp"

namespace gensynth::teaching {
namespace {

using nlohmann::json;

/// A space, constraints that few samples meet, and latencies that such networks can reach.
struct Case {
  std::string name;
  json space;
  std::vector<double> asked;
  friend std::ostream& operator<<(std::ostream& out, const Case& it) { return out << it.name; }
};

class LatencySearchIn : public ::testing::TestWithParam<Case> {
 protected:
  std::unique_ptr<space::SearchSpace> space = generator::make_space(GetParam().space, "test", "");
  constraints::ConstraintSet rules =
      registry::ConstraintRegistry().create_all({{{"constraint", "columnar"}, {"hard", true}},
                                                 {{"constraint", "no_strided_pointwise"}},
                                                 {{"constraint", "anti_aliased_downsampling"}, {"hard", true}},
                                                 {{"constraint", "expression"}, {"expression", "params < 1e6"}}},
                                                "test", "");
  latency::LatencyModel latency{latency::LatencyTarget{}};
  accuracy::AccuracyModel accuracy;
  assessment::StructuralAssessor assessor{rules, latency, accuracy};
  distribution::Generator untaught{*space};

  LatencyGoal goal(double ms) const { return {*space, assessor, {ms}}; }
  assessment::Assessment assess(const space::Genotype& genotype) const {
    return assessor.assess(space->build(genotype));
  }
};

TEST_P(LatencySearchIn, ReachWhatSamplesDoNot) {
  int feasible = 0;
  Rng rng(1);
  for (int i = 0; i < 500; ++i) feasible += assess(space->sample(rng)).rejected() ? 0 : 1;
  EXPECT_LT(feasible, 50);
  for (const double ms : GetParam().asked) {
    const LatencySearchResult found = search_latency(untaught, goal(ms), rng, {.searches = 24});
    EXPECT_GE(found.on_target.size(), 20U) << ms;
    EXPECT_EQ(std::set<space::Genotype>(found.on_target.begin(), found.on_target.end()).size(), found.on_target.size());
    EXPECT_GT(space::diversity(*space, found.on_target), 0.3) << ms;
    for (const space::Genotype& genotype : found.on_target) {
      const assessment::Assessment assessment = assess(genotype);
      EXPECT_FALSE(assessment.rejected());
      EXPECT_NEAR(assessment.metrics.at("latency_ms").value, ms, kLatencyTolerance * ms);
    }
    EXPECT_LE(*found.latencies.min_ms, ms * (1 + kLatencyTolerance));
    EXPECT_GE(*found.latencies.max_ms, ms * (1 - kLatencyTolerance));
  }
}

TEST_P(LatencySearchIn, TellTheLeastWhereLessIsAsked) {
  Rng rng(2);
  LatencyRange sampled;
  for (int i = 0; i < 2'000; ++i) goal(1).score(space->sample(rng), &sampled);
  const LatencySearchResult found = search_latency(untaught, goal(0.01), rng, {.searches = 24});
  EXPECT_TRUE(found.on_target.empty());
  ASSERT_FALSE(found.nearest.empty());
  EXPECT_LT(*found.latencies.min_ms, 0.8 * *sampled.min_ms);
  double last = 0;
  bool feasible = true;
  for (const space::Genotype& genotype : found.nearest) {
    const assessment::Assessment assessment = assess(genotype);
    EXPECT_TRUE(feasible || assessment.rejected()) << "searches that ended infeasible come last";
    feasible = !assessment.rejected();
    if (!feasible) continue;
    const double ms = assessment.metrics.at("latency_ms").value;
    EXPECT_GE(ms, last) << "the nearest comes first";
    last = ms;
  }
  EXPECT_LT(assess(found.nearest[0]).metrics.at("latency_ms").value, 1.05 * *found.latencies.min_ms);
}

INSTANTIATE_TEST_SUITE_P(
    Spaces, LatencySearchIn,
    ::testing::Values(
        Case{"small", {{"kind", "columnar"}, {"px", 32}}, {2, 6, 20}},
        Case{"two_columns",
             {{"kind", "columnar"}, {"px", 64}, {"max_columns", 2}, {"min_stages", 4}, {"blocks", {"dc_ac"}}},
             {8, 20}}),
    [](const auto& info) { return info.param.name; });

class LatencySearchInAFileSpace : public ::testing::Test {
 protected:
  std::unique_ptr<space::SearchSpace> space =
      generator::make_space({{"kind", "columnar"}, {"px", 32}, {"depths", {1, 2}}}, "test", "");
  constraints::ConstraintSet rules =
      registry::ConstraintRegistry().create_all({{{"constraint", "no_strided_pointwise"}}}, "test", "");
  latency::LatencyModel latency{latency::LatencyTarget{}};
  accuracy::AccuracyModel accuracy;
  assessment::StructuralAssessor assessor{rules, latency, accuracy};
  distribution::Generator untaught{*space};
  LatencySearchOptions brief{.searches = 16, .rounds = 3, .steps = 32};
};

TEST_F(LatencySearchInAFileSpace, ClimbToWhatIsWorthMore) {
  const auto utility = [](const space::Genotype& genotype, const assessment::Assessment&) {
    return static_cast<double>(genotype.size());
  };
  const auto mean_size = [&](const Utility& by) {
    Rng rng(3);
    const LatencySearchResult found = search_latency(untaught, {*space, assessor, {5.0}, by}, rng, brief);
    double sum = 0;
    for (const space::Genotype& genotype : found.on_target) sum += static_cast<double>(genotype.size());
    return sum / static_cast<double>(found.on_target.size());
  };
  EXPECT_GT(mean_size(utility), 1.2 * mean_size(nullptr));
}

TEST_F(LatencySearchInAFileSpace, KeepWhatTheGeneratorLearnedOfEverythingElse) {
  distribution::Generator specialist = untaught;
  const space::Decision asked = *space->next(space::Genotype{});
  ASSERT_EQ(asked.name, "activation");
  specialist.apply({{{"activation:" + std::to_string(asked.choices), {6, 0}}}});
  Rng rng(5);
  brief.steps = 128;  // time enough to drift
  const LatencySearchResult found = search_latency(specialist, {*space, assessor, {5.0}}, rng, brief);
  ASSERT_GT(found.on_target.size(), 12U);
  std::size_t kept = 0;
  for (const space::Genotype& genotype : found.on_target) kept += genotype[0] == 0 ? 1 : 0;
  EXPECT_GE(static_cast<double>(kept), 0.8 * static_cast<double>(found.on_target.size()));
}

TEST_F(LatencySearchInAFileSpace, AreTheSameTwice) {
  const LatencyGoal goal{*space, assessor, {5.0}};
  const auto ends = [&](std::uint64_t seed) {
    Rng rng(seed);
    return search_latency(untaught, goal, rng, brief).on_target;
  };
  EXPECT_EQ(ends(1), ends(1));
  EXPECT_NE(ends(1), ends(2));
}

}  // namespace
}  // namespace gensynth::teaching
