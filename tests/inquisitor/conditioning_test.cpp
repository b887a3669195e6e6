#include "inquisitor/conditioning.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "constraints/registry.hpp"

namespace gensynth {
namespace {

using nlohmann::json;

class Conditioning : public ::testing::Test {
 protected:
  struct Shares {
    double asked = 0;     ///< of raw samples: feasible, and within the tolerance of what is asked
    double feasible = 0;  ///< of raw samples
  };
  Shares shares(const Generator& generator, const Condition& condition) const {
    constexpr int kSamples = 200;
    Shares result;
    for (std::uint64_t seed = 0; seed < kSamples; ++seed) {
      const Assessment assessment = assessor.assess(space->build(generator.sample(9'000 + seed, condition)));
      if (assessment.rejected()) continue;
      result.feasible += 1.0 / kSamples;
      if (latency_miss(assessment, condition) <= kLatencyTolerance) result.asked += 1.0 / kSamples;
    }
    return result;
  }
  Generator taught(const Generator& from, const Condition& condition, std::uint64_t seed = 1) const {
    Generator pupil = from;
    Rng rng(seed);
    pupil.apply(teach_condition(from, assessor, condition, rng));
    return pupil;
  }

  std::unique_ptr<SearchSpace> space = make_space(
      {{"kind", "columnar"}, {"px", 32}, {"max_stages", 3}, {"max_columns", 2}, {"depths", {1, 2}}}, "test", "");
  ConstraintSet rules = ConstraintRegistry().create_all({{{"constraint", "no_strided_pointwise"}}}, "test", "");
  LatencyModel latency{LatencyTarget{}};
  AccuracyModel accuracy;
  StructuralAssessor assessor{rules, latency, accuracy};
  Generator untaught{*space};
};

TEST_F(Conditioning, BringsSamplesToTheLatencyThatIsAskedFor) {
  for (const double ms : {2.0, 8.0}) {
    const Condition condition{ms};
    const Shares before = shares(untaught, condition);
    const Shares after = shares(taught(untaught, condition), condition);
    EXPECT_LT(before.asked, 0.3) << ms;
    EXPECT_GT(after.asked, before.asked + 0.25) << ms;
    EXPECT_GT(after.feasible, before.feasible) << ms << ": constraints shape it too";
  }
}

TEST_F(Conditioning, KeepsWhatTheConditionDoesNotPullAt) {
  // A generator that has learned one activation; no latency depends much on it.
  Generator specialist = untaught;
  Rng rng(2);
  const Decision asked = *space->next(Genotype{});
  ASSERT_EQ(asked.name, "activation");
  specialist.apply({{{"activation:" + std::to_string(asked.choices), {4, 0}}}});
  const Condition condition{8.0};
  const Generator pupil = taught(specialist, condition);
  EXPECT_GT(pupil.probabilities({}, condition)[0], 0.8);
}

TEST_F(Conditioning, TeachesNothingWithoutAConditionAndTheSameTwice) {
  Rng rng(1);
  EXPECT_TRUE(teach_condition(untaught, assessor, {}, rng).empty());
  EXPECT_EQ(rng(), Rng(1)()) << "nothing was drawn";
  const Condition condition{5.0};
  EXPECT_EQ(taught(untaught, condition).state(), taught(untaught, condition).state());
  EXPECT_NE(taught(untaught, condition, 1).state(), taught(untaught, condition, 2).state());
}

TEST_F(Conditioning, MissIsRelativeToWhatIsAsked) {
  Assessment assessment;
  assessment.metrics.set("latency_ms", Quantity::exact(12, "ms"));
  EXPECT_NEAR(latency_miss(assessment, {10.0}), 0.2, 1e-12);
  EXPECT_NEAR(latency_miss(assessment, {16.0}), 0.25, 1e-12);
  EXPECT_EQ(latency_miss(assessment, {}), 0);
}

}  // namespace
}  // namespace gensynth
