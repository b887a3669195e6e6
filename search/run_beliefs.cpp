#include "search/run_beliefs.hpp"

#include <algorithm>
#include <cmath>

#include "search/strategy/kinds.hpp"

namespace gensynth {
namespace {

/// That an evaluation finds the constraints met which only it can tell; what is less likely is not told apart.
constexpr double kLeastChance = 1e-3;

}  // namespace

std::unique_ptr<Inquisitor> inquisitor_of_run(const JobParts& parts, const Store& store) {
  auto inquisitor = std::make_unique<Inquisitor>(*parts.space, parts.assessor, parts.performance);
  store.each_evaluated(
      [&](Trial&& trial) { inquisitor->observe(observation_of(trial, parts.performance, parts.built_in)); });
  inquisitor->learn();
  return inquisitor;
}

Worth worth_in_run(const JobParts& parts, const Store& store) {
  if (parts.performance.accuracy == "top1") {
    return [&performance = parts.performance](const Genotype&, const Assessment& assessment) {
      return performance.score(assessment.metrics, assessment.verdicts);
    };
  }
  const std::shared_ptr<const Inquisitor> inquisitor = inquisitor_of_run(parts, store);
  if (!inquisitor->surrogate().fitted()) return nullptr;
  return [inquisitor](const Genotype& genotype, const Assessment&) {
    const Belief belief = inquisitor->look_at({genotype})[0];
    return belief.u + 20 * std::log10(std::max(belief.feasibility, kLeastChance));
  };
}

}  // namespace gensynth
