#include "inquisitor/inquisitor.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "constraints/registry/registry.hpp"
#include "generator/make_space.hpp"

namespace gensynth::inquisitor {
namespace {

using nlohmann::json;

class InquisitorTest : public ::testing::Test {
 protected:
  InquisitorTest() {
    registry::ConstraintRegistry registry;
    rules = registry.create_all({{{"constraint", "no_strided_pointwise"}},
                                 {{"constraint", "anti_aliased_downsampling"}, {"hard", true}},
                                 {{"constraint", "columnar"}, {"hard", true}}},
                                "test", "");
  }

  double feasible_share(const distribution::Generator& generator) const {
    int count = 0;
    for (std::uint64_t i = 0; i < 150; ++i) {
      count += assessor.assess(space->build(generator.sample(10'000 + i))).rejected() ? 0 : 1;
    }
    return count / 150.0;
  }

  surrogate::Observation seen(const space::Genotype& genotype, double accuracy) const {
    surrogate::Observation o;
    const Architecture net = space->build(genotype);
    o.genotype = genotype;
    o.accuracy = accuracy;
    const assessment::Assessment a = assessor.assess(net);
    o.feasible = !a.rejected();
    if (o.feasible) o.u = performance.score(a.metrics, a.verdicts, accuracy);
    return o;
  }

  std::unique_ptr<space::SearchSpace> space = generator::make_space({{"kind", "columnar"}, {"px", 32}}, "test", "");
  constraints::ConstraintSet rules;
  latency::LatencyModel latency{latency::LatencyTarget{}};
  accuracy::AccuracyModel accuracy;
  assessment::StructuralAssessor assessor{rules, latency, accuracy};
  assessment::UniversalPerformance performance;
};

TEST_F(InquisitorTest, TeachesTheGeneratorToMeetConstraintsThatFewSamplesMeet) {
  distribution::Generator generator(*space);
  const double before = feasible_share(generator);
  Inquisitor inquisitor(*space, assessor, performance);
  Rng rng(1);
  for (int i = 0; i < 3; ++i) generator.apply(inquisitor.teach(generator, rng).delta);
  const double after = feasible_share(generator);
  EXPECT_LT(before, 0.35);
  EXPECT_GT(after, before + 0.25);
}

TEST_F(InquisitorTest, TeachesTheSameAfterBeingRestored) {
  distribution::Generator generator(*space);
  Inquisitor a(*space, assessor, performance);
  Inquisitor b(*space, assessor, performance);
  for (std::uint64_t i = 0; i < 12; ++i) {
    const surrogate::Observation o = seen(generator.sample(i), 20 + 3 * static_cast<double>(i));
    a.observe(o);
    b.observe(o);
    if (i == 7) a.fit();  // an optimisation of the parameters, which cannot be derived from the observations alone
  }
  a.fit();
  b.restore(json::parse(a.state().dump()));
  EXPECT_EQ(a.history().best_u(), b.history().best_u());
  EXPECT_EQ(a.state(), b.state());
  Rng first(4);
  Rng second(4);
  EXPECT_EQ(a.teach(generator, first).delta.logits(), b.teach(generator, second).delta.logits());
  EXPECT_EQ(first(), second());
}

TEST_F(InquisitorTest, MemoryPullsTheGeneratorTowardsTheBestEvaluated) {
  const distribution::Generator generator(*space);
  std::vector<surrogate::Observation> observations;
  for (std::uint64_t i = 0; observations.size() < 8; ++i) {
    surrogate::Observation o = seen(generator.sample(i), 20);
    if (o.feasible) observations.push_back(std::move(o));
  }
  observations[3] = seen(observations[3].genotype, 80);
  const auto taught = [&](double memory) {
    teaching::TeachingOptions options;
    options.memory = memory;
    options.rounds = 4;
    Inquisitor inquisitor(*space, assessor, performance, options);
    for (const surrogate::Observation& o : observations) inquisitor.observe(o);
    distribution::Generator taught = generator;
    Rng rng(2);
    taught.apply(inquisitor.teach(taught, rng).delta);
    return taught.log_prob(observations[3].genotype);
  };
  EXPECT_GT(taught(1), generator.log_prob(observations[3].genotype) + 1);
  EXPECT_GT(taught(1), taught(0) + 1);
}

TEST_F(InquisitorTest, AnExactUNeedsNoModel) {
  const distribution::Generator generator(*space);
  Inquisitor inquisitor(*space, assessor, performance, {}, nullptr, surrogate::AccuracySource::exact);
  std::vector<space::Genotype> genotypes;
  for (std::uint64_t i = 0; i < 180; ++i) genotypes.push_back(generator.sample(500 + i));
  const auto known = [&](const space::Genotype& genotype) {
    const assessment::Assessment a = assessor.assess(space->build(genotype));
    return a.rejected() ? std::optional<double>() : performance.score(a.metrics, a.verdicts);
  };
  surrogate::Observation first = seen(generator.sample(1), 50);
  first.u = 40;
  first.feasible = true;
  inquisitor.observe(first);
  inquisitor.fit();
  EXPECT_FALSE(inquisitor.models().accuracy().fitted());
  const std::vector<std::optional<double>> values = inquisitor.evaluator(1)(genotypes);
  const std::vector<surrogate::CandidatePrediction> predictions = inquisitor.predict(genotypes);
  int feasible = 0;
  for (std::size_t i = 0; i < genotypes.size(); ++i) {
    const std::optional<double> u = known(genotypes[i]);
    ASSERT_EQ(values[i].has_value(), u.has_value());
    if (!u) continue;
    ++feasible;
    EXPECT_NEAR(*values[i], *u, 1e-9) << "no caution: nothing is uncertain";
    EXPECT_NEAR(predictions[i].u, *u, 1e-9);
    EXPECT_EQ(predictions[i].u_deviation, 0);
    EXPECT_NEAR(predictions[i].acquisition, *u - 40, 1e-9) << "also below the best, so that it ranks";
  }
  EXPECT_GT(feasible, 5);
}

TEST_F(InquisitorTest, AWalkHasNoValuesBeforeAccuracyIsModelled) {
  const distribution::Generator generator(*space);
  const Inquisitor inquisitor(*space, assessor, performance);
  for (const auto& value : inquisitor.evaluator(0)({generator.sample(1), generator.sample(2)})) EXPECT_FALSE(value);
}

TEST_F(InquisitorTest, RanksFeasibleAboveInfeasibleAndExpectsImprovementOfNone) {
  distribution::Generator generator(*space);
  Inquisitor inquisitor(*space, assessor, performance);
  for (std::uint64_t i = 0; i < 12; ++i) inquisitor.observe(seen(generator.sample(i), 20 + static_cast<double>(i)));
  inquisitor.fit();
  std::vector<space::Genotype> genotypes;
  for (std::uint64_t i = 0; i < 60; ++i) genotypes.push_back(generator.sample(500 + i));
  const std::vector<surrogate::CandidatePrediction> predictions = inquisitor.predict(genotypes);
  ASSERT_EQ(predictions.size(), genotypes.size());
  int feasible = 0;
  for (std::size_t i = 0; i < predictions.size(); ++i) {
    EXPECT_EQ(predictions[i].genotype, genotypes[i]);
    if (predictions[i].assessment.rejected()) {
      EXPECT_LT(predictions[i].acquisition, -1e5);
    } else {
      ++feasible;
      EXPECT_GE(predictions[i].acquisition, 0) << "expected improvement is never negative";
      EXPECT_GT(predictions[i].u_deviation, 0);
      EXPECT_GE(predictions[i].acquisition,
                predictions[i].u - inquisitor.history().best_u().value_or(predictions[i].u) - 1e-9);
    }
  }
  EXPECT_GT(feasible, 0);
}

}  // namespace
}  // namespace gensynth::inquisitor
