#include "inquisitor/teaching/latency_goal.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "constraints/registry/registry.hpp"
#include "generator/make_space.hpp"

namespace gensynth::teaching {
namespace {

using Level = GoalScore::Level;

TEST(LatencyMiss, IsRelativeToWhatIsAsked) {
  assessment::Assessment assessment;
  assessment.metrics.set("latency_ms", Quantity::exact(12, "ms"));
  EXPECT_NEAR(relative_latency_error(assessment, {10.0}), 0.2, 1e-12);
  EXPECT_NEAR(relative_latency_error(assessment, {16.0}), 0.25, 1e-12);
  EXPECT_EQ(relative_latency_error(assessment, {}), 0);
}

TEST(LatencyRange, GrowsWithObservedLatencies) {
  LatencyRange range;
  range.add(LatencyRange{});
  EXPECT_FALSE(range.min_ms || range.max_ms);
  range.add(3);
  EXPECT_EQ(range.min_ms, 3);
  EXPECT_EQ(range.max_ms, 3);
  LatencyRange other;
  other.add(2);
  other.add(7);
  range.add(other);
  range.add(LatencyRange{});
  EXPECT_EQ(range.min_ms, 2);
  EXPECT_EQ(range.max_ms, 7);
}

TEST(GoalScore, RanksConstraintsThenLatencyThenUtility) {
  EXPECT_GT((GoalScore{Level::on_target, -50}), (GoalScore{Level::feasible, -0.2}));
  EXPECT_GT((GoalScore{Level::feasible, -9}), (GoalScore{Level::infeasible, -0.01}));
  EXPECT_GT((GoalScore{Level::on_target, 2}), (GoalScore{Level::on_target, 1}));
}

TEST(LatencyGoal, JudgesAsTheAssessorDoes) {
  const auto space = generator::make_space({{"kind", "columnar"}, {"px", 32}}, "test", "");
  const constraints::ConstraintSet rules = registry::ConstraintRegistry().create_all(
      {{{"constraint", "no_strided_pointwise"}}, {{"constraint", "expression"}, {"expression", "latency_ms < 24"}}},
      "test", "");
  const latency::LatencyModel latency{latency::LatencyTarget{}};
  const accuracy::AccuracyModel accuracy;
  const assessment::StructuralAssessor assessor{rules, latency, accuracy};
  const auto size = [](const space::Genotype& genotype, const assessment::Assessment&) {
    return static_cast<double>(genotype.size());
  };
  const LatencyGoal goal{*space, assessor, {10.0}, size};
  Rng rng(4);
  int levels[3] = {0, 0, 0};
  double unmeasured = -1e9;  // the nearest of those whose latency was never predicted
  double measured = -1e9;
  LatencyRange seen;
  for (int i = 0; i < 300; ++i) {
    const space::Genotype genotype = space->sample(rng);
    const assessment::Assessment assessment = assessor.assess(space->build(genotype));
    LatencyRange one;
    const GoalScore score = goal.score(genotype, &one);
    seen.add(one);
    ++levels[static_cast<int>(score.level)];
    EXPECT_EQ(score.level == Level::infeasible, assessment.rejected());
    EXPECT_EQ(one.min_ms.has_value(), !assessment.rejected());
    if (assessment.rejected()) {
      EXPECT_LT(score.value, 0);
      double& nearest = assessment.stage == Stage::graph ? unmeasured : measured;
      nearest = std::max(nearest, score.value);
      continue;
    }
    const double ms = assessment.metrics.at("latency_ms").value;
    EXPECT_EQ(one.min_ms, ms);
    EXPECT_EQ(score.level == Level::on_target, std::abs(ms - 10) <= 1);
    if (score.level == Level::on_target) {
      EXPECT_EQ(score.value, static_cast<double>(genotype.size()));
      EXPECT_EQ((LatencyGoal{*space, assessor, {10.0}}.score(genotype).value), 0);
    } else {
      EXPECT_NEAR(score.value, -std::abs(std::log2(ms / 10)), 1e-12);
    }
  }
  for (const int count : levels) EXPECT_GT(count, 5) << "the samples test nothing";
  EXPECT_LT(unmeasured, measured) << "what was never measured is further away than the nearest that was";
  EXPECT_LT(*seen.min_ms, 9);
  EXPECT_LT(*seen.max_ms, 24);
}

}  // namespace
}  // namespace gensynth::teaching
