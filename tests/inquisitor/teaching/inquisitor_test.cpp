#include "inquisitor/teaching/inquisitor.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "constraints/registry.hpp"
#include "generator/make_space.hpp"

namespace gensynth::teaching {
namespace {

using nlohmann::json;

class InquisitorTest : public ::testing::Test {
 protected:
  InquisitorTest() {
    constraints::ConstraintRegistry registry;
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

  Observation seen(const space::Genotype& genotype, double accuracy) const {
    Observation o;
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
  for (int i = 0; i < 3; ++i) generator.apply(inquisitor.teach(generator, rng));
  const double after = feasible_share(generator);
  EXPECT_LT(before, 0.35);
  EXPECT_GT(after, before + 0.25);
}

TEST_F(InquisitorTest, TeachesTheSameAfterBeingRestored) {
  distribution::Generator generator(*space);
  Inquisitor a(*space, assessor, performance);
  Inquisitor b(*space, assessor, performance);
  for (std::uint64_t i = 0; i < 12; ++i) {
    const Observation o = seen(generator.sample(i), 20 + 3 * static_cast<double>(i));
    a.observe(o);
    b.observe(o);
    if (i == 7) a.learn();  // parameters were searched for on the way, which the observations alone don't tell
  }
  a.learn();
  b.restore(json::parse(a.state().dump()));
  EXPECT_EQ(a.best_u(), b.best_u());
  EXPECT_EQ(a.state(), b.state());
  Rng first(4);
  Rng second(4);
  EXPECT_EQ(a.teach(generator, first).logits(), b.teach(generator, second).logits());
  EXPECT_EQ(first(), second());
}

TEST_F(InquisitorTest, MemoryPullsTheGeneratorTowardsTheBestEvaluated) {
  const distribution::Generator generator(*space);
  std::vector<Observation> observations;
  for (std::uint64_t i = 0; observations.size() < 8; ++i) {
    Observation o = seen(generator.sample(i), 20);
    if (o.feasible) observations.push_back(std::move(o));
  }
  observations[3] = seen(observations[3].genotype, 80);
  const auto taught = [&](double memory) {
    TeachingOptions options;
    options.memory = memory;
    options.rounds = 4;
    Inquisitor inquisitor(*space, assessor, performance, options);
    for (const Observation& o : observations) inquisitor.observe(o);
    distribution::Generator pupil = generator;
    Rng rng(2);
    pupil.apply(inquisitor.teach(pupil, rng));
    return pupil.log_prob(observations[3].genotype);
  };
  EXPECT_GT(taught(1), generator.log_prob(observations[3].genotype) + 1);
  EXPECT_GT(taught(1), taught(0) + 1);
}

TEST_F(InquisitorTest, RemembersTheBestFeasibleU) {
  Inquisitor inquisitor(*space, assessor, performance);
  const auto tell = [&](std::optional<double> u, bool feasible) {
    Observation o;
    o.u = u;
    o.feasible = feasible;
    inquisitor.observe(o);
  };
  tell(std::nullopt, false);
  EXPECT_FALSE(inquisitor.best_u());
  tell(40, true);
  tell(90, false);
  tell(30, true);
  EXPECT_EQ(inquisitor.best_u(), 40);
  tell(50, true);
  EXPECT_EQ(inquisitor.best_u(), 50);
}

TEST_F(InquisitorTest, RanksFeasibleAboveInfeasibleAndExpectsImprovementOfNone) {
  distribution::Generator generator(*space);
  Inquisitor inquisitor(*space, assessor, performance);
  for (std::uint64_t i = 0; i < 12; ++i) inquisitor.observe(seen(generator.sample(i), 20 + static_cast<double>(i)));
  inquisitor.learn();
  std::vector<space::Genotype> genotypes;
  for (std::uint64_t i = 0; i < 60; ++i) genotypes.push_back(generator.sample(500 + i));
  const std::vector<CandidatePrediction> beliefs = inquisitor.look_at(genotypes);
  ASSERT_EQ(beliefs.size(), genotypes.size());
  int feasible = 0;
  for (std::size_t i = 0; i < beliefs.size(); ++i) {
    EXPECT_EQ(beliefs[i].genotype, genotypes[i]);
    if (beliefs[i].assessment.rejected()) {
      EXPECT_LT(beliefs[i].merit, -1e5);
    } else {
      ++feasible;
      EXPECT_GE(beliefs[i].merit, 0) << "expected improvement is never negative";
      EXPECT_GT(beliefs[i].deviation, 0);
      EXPECT_GE(beliefs[i].merit, beliefs[i].u - inquisitor.best_u().value_or(beliefs[i].u) - 1e-9);
    }
  }
  EXPECT_GT(feasible, 0);
}

TEST(TeachingOptions, ReadWhatTheyWrite) {
  TeachingOptions options;
  options.rounds = 3;
  options.step = 0.1;
  EXPECT_EQ(to_json(teaching_options_from_json(json(to_json(options)), "job", "/teaching")), to_json(options));
  EXPECT_THROW((void)teaching_options_from_json({{"round", 3}}, "job", "/teaching"), std::exception);
}

}  // namespace
}  // namespace gensynth::teaching
