#include "inquisitor/explanation/credit.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>

#include "architecture/base/error.hpp"
#include "constraints/registry/registry.hpp"
#include "generator/make_space.hpp"
#include "inquisitor/inquisitor.hpp"

namespace gensynth::explanation {
namespace {

using nlohmann::json;

/// A setting in which accuracy is a known function of the decisions, by name and label.
class World {
 public:
  using Answers = std::map<std::string, std::string>;

  World(const json& space_text, const json& constraints, std::string accuracy = "proxy_top1")
      : space(generator::make_space(space_text, "test", "")),
        rules(registry::ConstraintRegistry().create_all(constraints, "test", "/constraints")) {
    performance = {2, 0, 0, 0, std::move(accuracy)};  // U is 40 log10(accuracy) and nothing else
  }

  Answers answers(const space::Genotype& genotype) const {
    Answers result;
    const std::vector<space::Decision> asked = space->decisions(genotype);
    for (std::size_t i = 0; i < asked.size(); ++i) result[asked[i].name] = space->label(asked[i], genotype[i]);
    return result;
  }

  /// An inquisitor that has observed `trials` random feasible candidates with accuracy `truth`.
  inquisitor::Inquisitor taught(int trials, const std::function<double(const Answers&)>& truth) const {
    inquisitor::Inquisitor inquisitor(*space, assessor, performance);
    Rng rng(7);
    while (static_cast<int>(inquisitor.history().all().size()) < trials) {
      surrogate::Observation seen;
      seen.genotype = space->sample(rng);
      const assessment::Assessment assessment = assessor.assess(space->build(seen.genotype));
      if (assessment.rejected()) continue;
      seen.accuracy = truth(answers(seen.genotype));
      seen.u = performance.score(assessment.metrics, assessment.verdicts, *seen.accuracy);
      seen.feasible = true;
      inquisitor.observe(std::move(seen));
    }
    inquisitor.fit();
    return inquisitor;
  }
  CandidateCredit credit(const space::Genotype& genotype, int trials,
                         const std::function<double(const Answers&)>& truth) const {
    return credit_decisions(*space, assessor, performance, taught(trials, truth).models().accuracy(), {}, genotype);
  }

  std::unique_ptr<space::SearchSpace> space;
  constraints::ConstraintSet rules;
  latency::LatencyModel latency{latency::LatencyTarget{}};
  accuracy::AccuracyModel accuracy;
  assessment::StructuralAssessor assessor{rules, latency, accuracy};
  assessment::UniversalPerformance performance;
};

const DecisionCredit& of(const CandidateCredit& credit, std::string_view name) {
  const auto found = std::find_if(credit.decisions.begin(), credit.decisions.end(),
                                  [&](const DecisionCredit& d) { return d.decision.name == name; });
  if (found == credit.decisions.end()) throw Error("no decision " + std::string(name));
  return *found;
}

constexpr int kConvolution3 = 3;  // of a NAS-Bench-201 cell
const double kWorth = 40 * std::log10(80.0 / 60.0);

double planted(const World::Answers& answers) { return answers.at("edge1-3") == "nor_conv_3x3" ? 80 : 60; }

TEST(Credit, FindsThePlantedDecisionWithItsSignAndSize) {
  World world({{"kind", "nasbench201"}}, json::array());
  const space::Genotype good(6, kConvolution3);
  const CandidateCredit helped = world.credit(good, 70, planted);
  EXPECT_EQ(helped.basis, CreditBasis::believed);
  EXPECT_NEAR(*helped.u, 40 * std::log10(80.0), 0.5);
  EXPECT_NEAR(of(helped, "edge1-3").credit->accuracy, of(helped, "edge1-3").credit->u, 1e-9) << "U is accuracy alone";
  EXPECT_NEAR(of(helped, "edge1-3").credit->u, kWorth, 0.3 * kWorth);
  space::Genotype bad = good;
  bad[4] = 2;
  const CandidateCredit hurt = world.credit(bad, 70, planted);
  // One of its four alternatives is the better one.
  EXPECT_NEAR(of(hurt, "edge1-3").credit->u, -kWorth / 4, 0.3 * kWorth / 4);
  const DecisionCredit& edge = of(hurt, "edge1-3");
  for (const Alternative& a : edge.alternatives) {
    EXPECT_NEAR(a.advantage->u, a.answer == kConvolution3 ? -kWorth : 0, 0.3 * kWorth) << a.answer;
  }
  for (const CandidateCredit* credit : {&helped, &hurt}) {
    for (const DecisionCredit& d : credit->decisions) {
      EXPECT_GT(d.credit->deviation, 0);
      if (d.decision.name == "edge1-3") continue;
      EXPECT_NEAR(d.credit->u, 0, 0.15 * kWorth) << d.decision.name;
    }
  }
}

TEST(Credit, FindsTheChoiceThatDecidesAMeasuredConstraint) {
  const World world({{"kind", "nasbench201"}}, json::array());
  inquisitor::Inquisitor inquisitor(*world.space, world.assessor, world.performance);
  Rng rng(7);
  for (int i = 0; i < 80; ++i) {
    surrogate::Observation seen;
    seen.genotype = world.space->sample(rng);
    const bool meets = world.answers(seen.genotype).at("edge1-3") == "nor_conv_3x3";
    seen.constraints = {{"plugin", true, 1, meets ? -0.2 : 0.3}};
    inquisitor.observe(std::move(seen));
  }
  inquisitor.fit();
  const auto credit_of = [&](const space::Genotype& genotype) {
    return credit_decisions(*world.space, world.assessor, world.performance, inquisitor.models().accuracy(),
                            inquisitor.models().constraints(), genotype);
  };
  const CandidateCredit good = credit_of(space::Genotype(6, kConvolution3));
  EXPECT_EQ(good.basis, CreditBasis::unknown) << "none was trained";
  ASSERT_EQ(good.measured.size(), 1U);
  EXPECT_EQ(good.measured[0].constraint, "plugin");
  EXPECT_EQ(good.measured[0].evaluated, 80);
  EXPECT_GT(good.measured[0].probability, 0.7);
  EXPECT_LT(good.measured[0].excess, 0);
  EXPECT_GT(*of(good, "edge1-3").feasibility, 0.5);
  for (const DecisionCredit& d : good.decisions) {
    if (d.decision.name == "edge1-3") continue;
    EXPECT_LT(std::abs(*d.feasibility), 0.25) << d.decision.name;
  }
  space::Genotype bad(6, kConvolution3);
  bad[4] = 2;
  EXPECT_LT(credit_of(bad).measured[0].probability, 0.3);
  EXPECT_LT(*of(credit_of(bad), "edge1-3").feasibility, -0.1);
}

TEST(Credit, UncertaintyIsThatOfTheDifference) {
  const World world({{"kind", "nasbench201"}}, json::array());
  Rng noise(9);
  const inquisitor::Inquisitor inquisitor =
      world.taught(150, [&](const World::Answers& a) { return planted(a) + 4 * uniform01(noise); });
  const surrogate::AccuracySurrogate& surrogate = inquisitor.models().accuracy();
  const space::Genotype genotype(6, kConvolution3);
  const CandidateCredit credit =
      credit_decisions(*world.space, world.assessor, world.performance, surrogate, {}, genotype);
  for (std::size_t edge = 0; edge < 6; ++edge) {
    space::Genotype other = genotype;
    other[edge] = 1;
    const features::Description a = features::describe(*world.space, genotype, world.space->build(genotype));
    const features::Description b = features::describe(*world.space, other, world.space->build(other));
    const surrogate::JointPrediction joint = surrogate.predict_jointly({&a, &b});
    // Draws from the joint posterior, through the transform.
    const double l00 = std::sqrt(joint.covariance[0]), l10 = joint.covariance[1] / l00;
    const double l11 = std::sqrt(joint.covariance[3] - l10 * l10);
    const surrogate::TargetTransform& transform = surrogate.transform();
    Rng rng(edge);
    double sum = 0, squares = 0;
    constexpr int kDraws = 20'000;
    for (int i = 0; i < kDraws; ++i) {
      const double x = standard_normal(rng), y = standard_normal(rng);
      const double difference =
          40 * (transform.inverse(joint.mean[0] + l00 * x) - transform.inverse(joint.mean[1] + l10 * x + l11 * y));
      sum += difference / kDraws;
      squares += difference * difference / kDraws;
    }
    const Advantage& found = *credit.decisions[edge].alternatives[1].advantage;
    EXPECT_NEAR(found.deviation, std::sqrt(squares - sum * sum), 0.15 * found.deviation) << edge;
    EXPECT_NEAR(found.u, sum, 0.2 * found.deviation + 0.02) << edge;
  }
}

TEST(Credit, IsNearZeroIfDecisionsHaveNoEffect) {
  World world({{"kind", "nasbench201"}}, json::array());
  const CandidateCredit credit = world.credit(space::Genotype(6, 1), 30, [](const World::Answers&) { return 50.0; });
  for (const DecisionCredit& d : credit.decisions) EXPECT_NEAR(d.credit->u, 0, 1e-6) << d.decision.name;
}

TEST(Credit, FindsAPlantedDecisionOfTheColumnarSpace) {
  World world({{"kind", "columnar"}, {"px", 32}, {"min_stages", 3}, {"max_stages", 3}, {"max_columns", 2}},
              json::array());
  const auto truth = [](const World::Answers& answers) { return answers.at("activation") == "relu" ? 60.0 : 75.0; };
  Rng rng(11);
  const space::Genotype genotype = world.space->sample(rng);
  const CandidateCredit credit = world.credit(genotype, 80, truth);
  const DecisionCredit& activation = of(credit, "activation");
  const double worth = 40 * std::log10(75.0 / 60.0) * (activation.answer == 0 ? -1 : 1);
  EXPECT_GT(activation.credit->u / worth, 0.5);
  EXPECT_LT(activation.credit->u / worth, 1.3);
  for (const DecisionCredit& d : credit.decisions) {
    if (d.decision.name == "activation" || !d.credit) continue;
    EXPECT_LT(std::abs(d.credit->u), std::abs(activation.credit->u) / 2) << d.decision.name;
  }
}

TEST(Credit, OfAnAnswerThatBuildsTheSameNetworkIsNothing) {
  World world({{"kind", "nasbench201"}}, json::array());
  space::Genotype genotype(6, kConvolution3);
  genotype[3] = genotype[4] = genotype[5] = 0;  // nothing reaches the output: no other edge matters
  const CandidateCredit credit = world.credit(genotype, 40, planted);
  for (const char* name : {"edge0-1", "edge0-2", "edge1-2"}) {
    const DecisionCredit& idle = of(credit, name);
    EXPECT_EQ(idle.credit->u, 0) << name;
    EXPECT_EQ(idle.credit->deviation, 0) << name;
    for (const Alternative& a : idle.alternatives) EXPECT_TRUE(a.same_network);
  }
  EXPECT_FALSE(of(credit, "edge1-3").alternatives.front().same_network);
}

TEST(Credit, TellsWhichAnswersBreakAndMendHardConstraints) {
  World world({{"kind", "columnar"}, {"px", 32}}, {{{"constraint", "no_strided_pointwise"}}});
  Rng rng(3);
  space::Genotype genotype = world.space->sample(rng);
  const auto violation = [&](const space::Genotype& g) {
    return world.assessor.assess(world.space->build(g), true).hard_violation();
  };
  while (violation(genotype) > 0) genotype = world.space->sample(rng);
  const surrogate::AccuracySurrogate nothing;
  const auto credit = [&](const space::Genotype& g) {
    return credit_decisions(*world.space, world.assessor, world.performance, nothing, {}, g);
  };
  const CandidateCredit met = credit(genotype);
  EXPECT_TRUE(met.feasible);
  const DecisionCredit& down = of(met, "downsampling");
  int broken = 0;
  for (const Alternative& a : down.alternatives) {
    const space::Decision& decision = down.decision;
    if (world.space->label(decision, a.answer) != "strided_pointwise") continue;
    ++broken;
    EXPECT_FALSE(a.feasible);
    EXPECT_EQ(a.rule, "no_strided_pointwise");
    EXPECT_GT(a.violation, 0);
  }
  ASSERT_EQ(broken, 1) << "the candidate downsamples so itself: the test tests nothing";
  EXPECT_LT(down.compared, static_cast<int>(down.alternatives.size())) << "only what is feasible is compared";

  const auto strided = std::find_if(down.alternatives.begin(), down.alternatives.end(), [&](const Alternative& a) {
    return world.space->label(down.decision, a.answer) == "strided_pointwise";
  });
  std::vector<space::Genotype> neighbours = world.space->neighbours(genotype);
  const auto is_strided = [&](const space::Genotype& g) {
    return world.answers(g).at("downsampling") == "strided_pointwise";
  };
  const space::Genotype violating = *std::find_if(neighbours.begin(), neighbours.end(), is_strided);
  const CandidateCredit violated = credit(violating);
  EXPECT_FALSE(violated.feasible);
  EXPECT_DOUBLE_EQ(violated.violation, strided->violation);
  const DecisionCredit& mending = of(violated, "downsampling");
  EXPECT_EQ(mending.compared, static_cast<int>(mending.alternatives.size()));
  EXPECT_TRUE(std::any_of(mending.alternatives.begin(), mending.alternatives.end(),
                          [](const Alternative& a) { return a.feasible && a.violation == 0; }));
}

TEST(Credit, IsUnknownBeforeTrainingAndExactForComputedAccuracy) {
  World trained({{"kind", "nasbench201"}}, json::array());
  const CandidateCredit unknown = trained.credit(space::Genotype(6, 1), 3, planted);
  EXPECT_EQ(unknown.basis, CreditBasis::unknown);
  EXPECT_FALSE(unknown.u);
  for (const DecisionCredit& d : unknown.decisions) EXPECT_FALSE(d.credit);

  World computed({{"kind", "nasbench201"}}, json::array(), "top1");
  const space::Genotype genotype{3, 1, 2, 3, 0, 4};
  const CandidateCredit exact = computed.credit(genotype, 10, planted);
  EXPECT_EQ(exact.basis, CreditBasis::computed);
  const auto u = [&](const space::Genotype& g) {
    const assessment::Assessment a = computed.assessor.assess(computed.space->build(g));
    return computed.performance.score(a.metrics, a.verdicts);
  };
  double mean = 0;
  for (int answer = 0; answer < 4; ++answer) {  // its own answer is 4
    space::Genotype other = genotype;
    other[5] = answer;
    mean += u(other) / 4;
  }
  EXPECT_NEAR(exact.decisions[5].credit->u, u(genotype) - mean, 1e-9);
  EXPECT_EQ(exact.decisions[5].credit->deviation, 0);

  computed.performance.beta = 0.5;  // parameters count as well: the same accuracy, another U
  const CandidateCredit with_size = computed.credit(genotype, 10, planted);
  EXPECT_NEAR(with_size.decisions[5].credit->accuracy, exact.decisions[5].credit->u, 1e-9);
  EXPECT_GT(std::abs(with_size.decisions[5].credit->u - exact.decisions[5].credit->u), 1e-3);
}

}  // namespace
}  // namespace gensynth::explanation
