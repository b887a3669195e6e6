// Tests of credit where the truth is known: with a surrogate objective that was fitted to the trained candidates of the
// program.
#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "inquisitor/explanation/credit.hpp"
#include "inquisitor/inquisitor.hpp"
#include "search/run/search_context.hpp"
#include "search/simulation/surrogate_objective.hpp"

namespace gensynth::simulation {
namespace {

TEST(CreditInAWorld, CorrelatesWithTheTrueValueOfDecisions) {
  const simulation::TrainedCandidates trained = simulation::shipped_trained_candidates();
  const simulation::SurrogateObjective world(trained);
  const run::SearchContext parts(trained.job);
  inquisitor::Inquisitor inquisitor(*parts.space, parts.assessor, parts.performance);
  std::vector<space::Genotype> seen;
  for (std::size_t row = 0; row < trained.rows.size() && seen.size() < 150; row += 3) {
    const space::Genotype& genotype = trained.rows[row].genotype;
    const Architecture network = parts.space->build(genotype);
    const assessment::Assessment assessment = parts.assessor.assess(network);
    if (assessment.rejected()) continue;
    surrogate::Observation o;
    o.genotype = genotype;
    o.accuracy = world.measured(world.expected(network), row);
    o.u = parts.performance.score(assessment.metrics, assessment.verdicts, *o.accuracy);
    o.feasible = true;
    inquisitor.observe(o);
    seen.push_back(genotype);
  }
  inquisitor.fit();
  const auto worth = [&](const space::Genotype& g) {
    return 20 * parts.performance.alpha * std::log10(std::max(0.1, world.expected(parts.space->build(g))));
  };
  double n = 0, sx = 0, sy = 0, sxx = 0, syy = 0, sxy = 0, within = 0, within2 = 0, sure = 0, right = 0;
  for (std::size_t i = 0; i < seen.size(); i += 10) {
    const explanation::CandidateCredit credit = explanation::credit_decisions(
        *parts.space, parts.assessor, parts.performance, inquisitor.models().accuracy(), {}, seen[i]);
    const std::vector<space::Genotype> neighbours = parts.space->neighbours(seen[i]);
    const double own = worth(seen[i]);
    std::size_t at = 0;
    for (const explanation::DecisionCredit& d : credit.decisions) {
      double mean = 0;
      int count = 0;
      for (const explanation::Alternative& a : d.alternatives) {
        if (a.feasible) {
          mean += own - worth(neighbours[at]);
          ++count;
        }
        ++at;
      }
      if (!d.credit) continue;
      const double truth = mean / count, believed = d.credit->accuracy;
      n += 1, sx += truth, sy += believed, sxx += truth * truth, syy += believed * believed, sxy += truth * believed;
      within += std::abs(truth - believed) <= d.credit->deviation ? 1 : 0;
      within2 += std::abs(truth - believed) <= 2 * d.credit->deviation ? 1 : 0;
      if (std::abs(believed) > d.credit->deviation) {
        sure += 1;
        right += believed * truth > 0 ? 1 : 0;
      }
    }
  }
  const double r = (sxy / n - sx / n * sy / n) / std::sqrt((sxx / n - sx * sx / n / n) * (syy / n - sy * sy / n / n));
  RecordProperty("decisions", static_cast<int>(n));
  RecordProperty("correlation", std::to_string(r));
  RecordProperty("within_one_deviation", std::to_string(within / n));
  RecordProperty("larger_than_uncertainty", static_cast<int>(sure));
  RecordProperty("of_these_with_the_right_sign", std::to_string(right / sure));
  EXPECT_GT(n, 300);
  EXPECT_GT(r, 0.4);
  EXPECT_GT(within / n, 0.6) << "of one standard deviation";
  EXPECT_GT(within2 / n, 0.9) << "of two";
  EXPECT_GT(sure, 0);
  EXPECT_GE(right / sure, 0.8);
}

}  // namespace
}  // namespace gensynth::simulation
