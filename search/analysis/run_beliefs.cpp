#include "search/analysis/run_beliefs.hpp"

#include <algorithm>
#include <cmath>

#include "search/strategy/kinds.hpp"

namespace gensynth::analysis {
namespace {

/// That an evaluation finds the constraints met which only it can tell; what is less likely is not told apart.
constexpr double kLeastChance = 1e-3;

}  // namespace

std::unique_ptr<teaching::Inquisitor> inquisitor_of_run(const run::SearchContext& parts,
                                                        const store::RunReader& store) {
  auto inquisitor = std::make_unique<teaching::Inquisitor>(*parts.space, parts.assessor, parts.performance);
  store.each_evaluated([&](trial::Trial&& trial) {
    inquisitor->observe(strategy::observation_of(trial, parts.performance, parts.built_in));
  });
  inquisitor->learn();
  return inquisitor;
}

teaching::Worth worth_in_run(const run::SearchContext& parts, const store::RunReader& store) {
  if (parts.performance.accuracy == "top1") {
    return [&performance = parts.performance](const space::Genotype&, const assessment::Assessment& assessment) {
      return performance.score(assessment.metrics, assessment.verdicts);
    };
  }
  const std::shared_ptr<const teaching::Inquisitor> inquisitor = inquisitor_of_run(parts, store);
  if (!inquisitor->surrogate().fitted()) return nullptr;
  return [inquisitor](const space::Genotype& genotype, const assessment::Assessment&) {
    const teaching::CandidatePrediction belief = inquisitor->look_at({genotype})[0];
    return belief.u + 20 * std::log10(std::max(belief.feasibility, kLeastChance));
  };
}

}  // namespace gensynth::analysis
