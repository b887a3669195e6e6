#include "inquisitor/teaching/conditioning.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "architecture/cost.hpp"
#include "constraints/registry/registry.hpp"
#include "generator/make_space.hpp"

namespace gensynth::teaching {
namespace {

using nlohmann::json;

class Conditioning : public ::testing::Test {
 protected:
  struct Shares {
    double asked = 0;     ///< share of raw samples that are feasible and within the tolerance of the requested latency
    double feasible = 0;  ///< share of raw samples that are feasible
  };
  Shares shares(const distribution::Generator& generator, const distribution::Condition& condition) const {
    constexpr int kSamples = 200;
    Shares result;
    for (std::uint64_t seed = 0; seed < kSamples; ++seed) {
      const assessment::Assessment assessment =
          assessor.assess(space->build(generator.sample(9'000 + seed, condition)));
      if (assessment.rejected()) continue;
      result.feasible += 1.0 / kSamples;
      if (relative_latency_error(assessment, condition) <= kLatencyTolerance) result.asked += 1.0 / kSamples;
    }
    return result;
  }
  LatencyGoal goal(const distribution::Condition& condition) const { return {*space, assessor, condition}; }
  distribution::Generator taught(const distribution::Generator& from, const distribution::Condition& condition,
                                 std::uint64_t seed = 1, const ConditioningOptions& options = {}) const {
    distribution::Generator taught = from;
    Rng rng(seed);
    taught.apply(teach_condition(from, goal(condition), rng, options));
    return taught;
  }

  std::unique_ptr<space::SearchSpace> space = generator::make_space(
      {{"kind", "columnar"}, {"px", 32}, {"max_stages", 3}, {"max_columns", 2}, {"depths", {1, 2}}}, "test", "");
  constraints::ConstraintSet rules =
      registry::ConstraintRegistry().create_all({{{"constraint", "no_strided_pointwise"}}}, "test", "");
  latency::LatencyModel latency{latency::LatencyTarget{}};
  accuracy::AccuracyModel accuracy;
  assessment::StructuralAssessor assessor{rules, latency, accuracy};
  distribution::Generator untaught{*space};
};

TEST_F(Conditioning, BringsSamplesToTheLatencyThatIsAskedFor) {
  for (const double ms : {2.0, 5.0}) {  // below all of 600 samples, and among many
    const distribution::Condition condition{ms};
    const Shares before = shares(untaught, condition);
    const Shares after = shares(taught(untaught, condition), condition);
    EXPECT_LT(before.asked, 0.3) << ms;
    EXPECT_GT(after.asked, before.asked + 0.25) << ms;
    EXPECT_GT(after.feasible, before.feasible) << ms << ": constraints shape it too";
  }
}

TEST_F(Conditioning, KeepsWhatTheConditionDoesNotPullAt) {
  // A generator that has learned one activation; no latency depends much on it.
  distribution::Generator specialist = untaught;
  Rng rng(2);
  const space::Decision asked = *space->next(space::Genotype{});
  ASSERT_EQ(asked.name, "activation");
  specialist.apply({{{"activation:" + std::to_string(asked.choices), {4, 0}}}});
  const distribution::Condition condition{8.0};
  const distribution::Generator after = taught(specialist, condition);
  EXPECT_GT(after.probabilities({}, condition)[0], 0.8);
}

TEST_F(Conditioning, TeachesNothingWithoutAConditionAndTheSameTwice) {
  Rng rng(1);
  EXPECT_TRUE(teach_condition(untaught, goal({}), rng).empty());
  EXPECT_EQ(rng(), Rng(1)()) << "nothing was drawn";
  const distribution::Condition condition{5.0};
  ConditioningOptions brief;
  brief.rounds = 4;
  brief.search = {.searches = 8, .rounds = 2, .steps = 16};
  const auto state = [&](std::uint64_t seed) { return taught(untaught, condition, seed, brief).state(); };
  EXPECT_EQ(state(1), state(1));
  EXPECT_NE(state(1), state(2));
}

TEST_F(Conditioning, PrefersHigherUtilityAmongNearCandidates) {
  const auto parameters = [this](const space::Genotype& genotype) {
    return std::log(cost(space->build(genotype)).params);
  };
  const distribution::Condition condition{8.0};
  double mean[2] = {0, 0};
  for (const double sign : {1.0, -1.0}) {
    LatencyGoal goal = this->goal(condition);
    goal.utility = [&](const space::Genotype& genotype, const assessment::Assessment&) {
      return sign * parameters(genotype);
    };
    distribution::Generator taught = untaught;
    Rng rng(3);
    LatencySearchResult found;
    taught.apply(teach_condition(untaught, goal, rng, {}, &found));
    EXPECT_EQ(found.on_target.size(), 48U);
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
      mean[sign > 0 ? 1 : 0] += parameters(taught.sample(seed, condition)) / 100;
    }
  }
  EXPECT_GT(mean[1], mean[0] + std::log(1.5)) << "networks of higher utility have 1.5 times the parameters";
}

}  // namespace
}  // namespace gensynth::teaching
