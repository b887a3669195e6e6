#include "inquisitor/surrogate/measured_constraints.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "architecture/cost.hpp"
#include "generator/make_space.hpp"
#include "inquisitor/inquisitor.hpp"

namespace gensynth::surrogate {
namespace {

using nlohmann::json;

constraints::Verdict verdict(bool satisfied, double measured, double bound, double violation) {
  constraints::Verdict v;
  v.constraint = "rule";
  v.satisfied = satisfied;
  v.measured = measured;
  v.bound = bound;
  v.violation = violation;
  return v;
}

TEST(MarginOf, IsRelativeToTheBoundAndNegativeWhereMet) {
  EXPECT_DOUBLE_EQ(constraint_observation(verdict(false, 30, 40, 10)).excess, 0.25);
  EXPECT_DOUBLE_EQ(constraint_observation(verdict(true, 50, 40, 0)).excess, -0.25);
  EXPECT_DOUBLE_EQ(constraint_observation(verdict(true, 30, 40, 0)).excess, -0.25) << "whichever way the bound goes";
  EXPECT_DOUBLE_EQ(constraint_observation(verdict(false, 3, 0, 3)).excess, 3) << "a bound of 0: the violation itself";
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_GT(constraint_observation(verdict(false, nan, 40, std::numeric_limits<double>::infinity())).excess, 1000);
  EXPECT_DOUBLE_EQ(constraint_observation(verdict(true, nan, 40, 0)).excess, 0);
}

/// Networks of the columnar space, and a constraint that needs an evaluation: a bound on a sum over decisions.
class MeasuredConstraintsTest : public ::testing::Test {
 protected:
  struct Known {
    space::Genotype genotype;
    features::Description description;
    std::vector<ConstraintObservation> constraints;
  };

  static double parameters_of(const Architecture& net) { return static_cast<double>(cost(net).params); }

  Known known(std::uint64_t seed, double bound, bool yes_or_no = false) const {
    Known result;
    result.genotype = generator.sample(seed);
    const Architecture net = space->build(result.genotype);
    result.description = features::describe(*space, result.genotype, net);
    const double measured = parameters_of(net);
    const double excess = yes_or_no ? (measured <= bound ? 0 : 1) : measured / bound - 1;
    result.constraints = {{"rule", true, 1, excess}};
    return result;
  }
  std::vector<Known> many(std::uint64_t from, int count, double bound, bool yes_or_no = false) const {
    std::vector<Known> result;
    for (int i = 0; i < count; ++i) result.push_back(known(from + static_cast<std::uint64_t>(i), bound, yes_or_no));
    return result;
  }
  static void teach(MeasuredConstraints& model, const std::vector<Known>& from) {
    std::vector<MeasuredConstraints::Row> rows;
    for (const Known& k : from) rows.push_back({&k.description, &k.constraints});
    model.fit(rows);
  }
  static std::vector<const features::Description*> descriptions(const std::vector<Known>& of) {
    std::vector<const features::Description*> result;
    for (const Known& k : of) result.push_back(&k.description);
    return result;
  }
  double median_parameters() const {
    std::vector<double> all;
    for (std::uint64_t i = 0; i < 51; ++i) all.push_back(parameters_of(space->build(generator.sample(700 + i))));
    std::nth_element(all.begin(), all.begin() + 25, all.end());
    return all[25];
  }

  std::unique_ptr<space::SearchSpace> space = generator::make_space({{"kind", "columnar"}, {"px", 32}}, "test", "");
  distribution::Generator generator{*space};
};

TEST_F(MeasuredConstraintsTest, ModelsNoConstraintWithTooFewMeasurements) {
  MeasuredConstraints model;
  const std::vector<Known> few = many(1, static_cast<int>(kMinObservations) - 1, 1e5);
  teach(model, few);
  EXPECT_FALSE(model.fitted());
  EXPECT_EQ(model.predict(descriptions(few))[0].probability, 1);
  EXPECT_EQ(model.predict(descriptions(few))[0].penalty, 0);
}

/// Single draws of networks scatter about as much as the bounds below differ from good models.
constexpr std::uint64_t kDraws = 8, kDrawSize = 2000;

TEST_F(MeasuredConstraintsTest, TellsWhoMeetsARuleThatItSawMeasured) {
  const double bound = median_parameters();
  for (const bool yes_or_no : {false, true}) {
    double score = 0;  // Brier score; a constant prediction of one half scores 0.25
    double met = 0, violated = 0;
    int count = 0;
    for (std::uint64_t draw = 0; draw < kDraws; ++draw) {
      MeasuredConstraints model;
      teach(model, many(1 + kDrawSize * draw, 60, bound, yes_or_no));
      const std::vector<Known> fresh = many(1000 + kDrawSize * draw, 120, bound, yes_or_no);
      const std::vector<FeasibilityPrediction> outlooks = model.predict(descriptions(fresh));
      for (std::size_t i = 0; i < fresh.size(); ++i) {
        const bool meets = fresh[i].constraints.front().excess <= 0;
        score += std::pow(outlooks[i].probability - (meets ? 1 : 0), 2) / (120.0 * kDraws);
        (meets ? met : violated) += outlooks[i].probability;
        count += meets ? 1 : 0;
      }
    }
    const int all = static_cast<int>(120 * kDraws);
    ASSERT_GT(count, all / 4);
    ASSERT_LT(count, 3 * all / 4);
    EXPECT_LT(score, yes_or_no ? 0.15 : 0.1) << "yes or no: " << yes_or_no;
    EXPECT_GT(met / count, violated / (all - count) + 0.3) << "yes or no: " << yes_or_no;
  }
}

TEST_F(MeasuredConstraintsTest, ARuleThatEverybodyMetIsLikelyToBeMet) {
  MeasuredConstraints model;
  teach(model, many(1, 60, 1e12, true));
  const std::vector<Known> fresh = many(1000, 40, 1e12);
  for (const FeasibilityPrediction& outlook : model.predict(descriptions(fresh))) EXPECT_GT(outlook.probability, 0.6);
}

TEST_F(MeasuredConstraintsTest, SoftRulesCostAndHardOnesDoNot) {
  const double bound = median_parameters();
  double error = 0, baseline = 0;
  for (std::uint64_t draw = 0; draw < kDraws; ++draw) {
    std::vector<Known> seen = many(1 + kDrawSize * draw, 60, bound);
    for (Known& k : seen) {
      k.constraints.front().hard = false;
      k.constraints.front().weight = 3;
    }
    MeasuredConstraints model;
    teach(model, seen);
    const std::vector<Known> fresh = many(1000 + kDrawSize * draw, 60, bound);
    const std::vector<FeasibilityPrediction> outlooks = model.predict(descriptions(fresh));
    for (std::size_t i = 0; i < fresh.size(); ++i) {
      EXPECT_EQ(outlooks[i].probability, 1);
      EXPECT_GE(outlooks[i].penalty, 0);
      const double paid = 3 * std::max(0.0, fresh[i].constraints.front().excess);
      error += std::abs(outlooks[i].penalty - paid);
      baseline += paid;
    }
  }
  EXPECT_LT(error, 0.6 * baseline) << "nearer than no expectation at all";
}

TEST_F(MeasuredConstraintsTest, SpeaksOfEachConstraintByName) {
  const double bound = median_parameters();
  std::vector<Known> seen = many(1, 40, bound);
  for (Known& k : seen) k.constraints.push_back({"another", false, 1, -0.5});
  MeasuredConstraints model;
  teach(model, seen);
  const std::vector<ConstraintPrediction> outlook = model.by_constraint({&seen.front().description}).front();
  ASSERT_EQ(outlook.size(), 2U);
  EXPECT_EQ(outlook[0].constraint, "another");
  EXPECT_FALSE(outlook[0].hard);
  EXPECT_NEAR(outlook[0].excess, -0.5, 0.05);
  EXPECT_EQ(outlook[1].constraint, "rule");
  EXPECT_EQ(outlook[1].evaluated, 40);
  EXPECT_NEAR(outlook[1].probability, model.predict({&seen.front().description}).front().probability, 1e-12);
}

/// The inquisitor with such a constraint: candidates with more parameters than the median are observed to violate it.
class InquisitorWithMeasuredRule : public MeasuredConstraintsTest {
 protected:
  surrogate::Observation observation(std::uint64_t seed, double bound, double accuracy = 30) const {
    const Known k = known(seed, bound);
    surrogate::Observation seen;
    seen.trial = static_cast<std::int64_t>(seed);
    seen.genotype = k.genotype;
    seen.constraints = k.constraints;
    seen.feasible = k.constraints.front().excess <= 0;
    seen.accuracy = accuracy + 0.1 * static_cast<double>(seed % 7);
    const assessment::Assessment assessment = assessor.assess(space->build(seen.genotype));
    if (seen.feasible) seen.u = performance.score(assessment.metrics, assessment.verdicts, *seen.accuracy);
    return seen;
  }
  double share_that_meets(const distribution::Generator& of, double bound) const {
    int count = 0;
    for (std::uint64_t i = 0; i < 200; ++i) {
      count += parameters_of(space->build(of.sample(40'000 + i))) <= bound ? 1 : 0;
    }
    return count / 200.0;
  }

  constraints::ConstraintSet rules;
  latency::LatencyModel latency{latency::LatencyTarget{}};
  accuracy::AccuracyModel accuracy_model;
  assessment::StructuralAssessor assessor{rules, latency, accuracy_model};
  assessment::UniversalPerformance performance{2, 0, 0, 0,
                                               "proxy_top1"};  // accuracy alone, so that nothing else is in its favour
};

TEST_F(InquisitorWithMeasuredRule, TeachesARuleThatOnlyEvaluationsTell) {
  const double bound = median_parameters();
  teaching::TeachingOptions options;
  options.memory = 0;  // not by example
  inquisitor::Inquisitor inquisitor(*space, assessor, performance, options);
  for (std::uint64_t seed = 1; seed <= 60; ++seed) inquisitor.observe(observation(seed, bound));
  distribution::Generator taught = generator;
  Rng rng(3);
  for (int round = 0; round < 3; ++round) taught.apply(inquisitor.teach(taught, rng).delta);
  EXPECT_LT(share_that_meets(generator, bound), 0.65);
  EXPECT_GT(share_that_meets(taught, bound), 0.85);
}

TEST_F(InquisitorWithMeasuredRule, ExpectsLessOfCandidatesThatAreLikelyToViolateIt) {
  const double bound = median_parameters();
  inquisitor::Inquisitor told(*space, assessor, performance);
  inquisitor::Inquisitor untold(*space, assessor, performance);
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    surrogate::Observation seen = observation(seed, bound);
    told.observe(seen);
    seen.constraints.clear();
    untold.observe(seen);
  }
  told.fit();
  untold.fit();
  std::vector<space::Genotype> fresh;
  for (std::uint64_t i = 0; i < 60; ++i) fresh.push_back(generator.sample(5000 + i));
  const std::vector<surrogate::CandidatePrediction> with = told.predict(fresh);
  const std::vector<surrogate::CandidatePrediction> without = untold.predict(fresh);
  for (std::size_t i = 0; i < fresh.size(); ++i) {
    EXPECT_NEAR(with[i].acquisition, without[i].acquisition * with[i].feasibility, 1e-9);
    EXPECT_NEAR(with[i].expected_hypervolume_improvement,
                without[i].expected_hypervolume_improvement * with[i].feasibility, 1e-9);
    EXPECT_NEAR(with[i].u, without[i].u, 1e-9);
    EXPECT_EQ(without[i].feasibility, 1);
  }
}

TEST_F(InquisitorWithMeasuredRule, SearchesForFeasibilityIfNothingWasFeasible) {
  inquisitor::Inquisitor inquisitor(*space, assessor, performance);
  const double bound = median_parameters() / 20;  // no candidate meets it; some are nearer
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    surrogate::Observation seen = observation(seed, bound);
    ASSERT_FALSE(seen.feasible);
    if (seed % 2 == 0) seen.accuracy.reset();  // rejected before training
    inquisitor.observe(seen);
  }
  inquisitor.fit();
  std::vector<space::Genotype> fresh;
  for (std::uint64_t i = 0; i < 60; ++i) fresh.push_back(generator.sample(5000 + i));
  std::vector<surrogate::CandidatePrediction> beliefs = inquisitor.predict(fresh);
  for (const surrogate::CandidatePrediction& belief : beliefs) EXPECT_EQ(belief.acquisition, belief.feasibility);
  std::stable_sort(beliefs.begin(), beliefs.end(),
                   [](const surrogate::CandidatePrediction& a, const surrogate::CandidatePrediction& b) {
                     return a.acquisition > b.acquisition;
                   });
  double best = 0, worst = 0;
  for (std::size_t i = 0; i < 15; ++i) {
    best += parameters_of(space->build(beliefs[i].genotype));
    worst += parameters_of(space->build(beliefs[beliefs.size() - 1 - i].genotype));
  }
  EXPECT_LT(best, 0.6 * worst);
}

TEST_F(InquisitorWithMeasuredRule, TeachesTheSameAfterBeingRestored) {
  const double bound = median_parameters();
  inquisitor::Inquisitor a(*space, assessor, performance);
  inquisitor::Inquisitor b(*space, assessor, performance);
  for (std::uint64_t seed = 1; seed <= 15; ++seed) {
    a.observe(observation(seed, bound));
    b.observe(observation(seed, bound));
    if (seed == 9) a.fit();  // parameters were searched for on the way
  }
  a.fit();
  b.restore(json::parse(a.state().dump()));
  Rng first(4), second(4);
  EXPECT_EQ(a.teach(generator, first).delta.logits(), b.teach(generator, second).delta.logits());
}

}  // namespace
}  // namespace gensynth::surrogate
