#include "search/analysis/run_predictions.hpp"

#include <algorithm>
#include <cmath>

#include "search/trial/observation.hpp"

namespace gensynth::analysis {
namespace {

/// Probabilities of feasibility below this are treated alike, so that the logarithm stays finite.
constexpr double kMinFeasibility = 1e-3;

}  // namespace

std::unique_ptr<inquisitor::Inquisitor> inquisitor_of_run(const run::SearchContext& parts,
                                                          const store::RunReader& store) {
  auto inquisitor = std::make_unique<inquisitor::Inquisitor>(*parts.space, parts.assessor, parts.performance);
  store.each_evaluated([&](trial::Trial&& trial) {
    inquisitor->observe(trial::observation_of(trial, parts.performance.accuracy, parts.constraints));
  });
  inquisitor->fit();
  return inquisitor;
}

teaching::Utility utility_in_run(const run::SearchContext& parts, const store::RunReader& store) {
  if (parts.performance.accuracy == "top1") {
    return [&performance = parts.performance](const space::Genotype&, const assessment::Assessment& assessment) {
      return performance.score(assessment.metrics, assessment.verdicts);
    };
  }
  const std::shared_ptr<const inquisitor::Inquisitor> inquisitor = inquisitor_of_run(parts, store);
  if (!inquisitor->models().accuracy().fitted()) return nullptr;
  return [inquisitor](const space::Genotype& genotype, const assessment::Assessment&) {
    const surrogate::CandidatePrediction prediction = inquisitor->predict({genotype})[0];
    return prediction.u + 20 * std::log10(std::max(prediction.feasibility, kMinFeasibility));
  };
}

}  // namespace gensynth::analysis
