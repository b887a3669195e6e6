#include "inquisitor/teaching/latency_goal.hpp"

#include <algorithm>
#include <cmath>

namespace gensynth::teaching {

double latency_miss(const assessment::Assessment& assessment, const distribution::Condition& condition) {
  if (!condition.latency_ms) return 0;
  return std::abs(assessment.metrics.at("latency_ms").value / *condition.latency_ms - 1);
}

void LatencyRange::add(double latency_ms) {
  least_ms = std::min(least_ms.value_or(latency_ms), latency_ms);
  greatest_ms = std::max(greatest_ms.value_or(latency_ms), latency_ms);
}

void LatencyRange::add(const LatencyRange& other) {
  if (!other.least_ms) return;
  add(*other.least_ms);
  add(*other.greatest_ms);
}

Standing LatencyGoal::standing(const space::Genotype& genotype, LatencyRange* seen) const {
  const assessment::Assessment assessment = assessor.assess(space.build(genotype));
  if (assessment.rejected()) {
    // Rejected by the cheap stage, it was never measured by the dear one: further away than any that was.
    const double unseen = assessment.stage == "graph" ? 1.0 : 0.0;
    return {Standing::Level::infeasible, -(unseen + assessment.hard_violation())};
  }
  const double latency = assessment.metrics.at("latency_ms").value;
  if (seen != nullptr) seen->add(latency);
  if (latency_miss(assessment, condition) > kLatencyTolerance) {
    return {Standing::Level::feasible, -std::abs(std::log2(latency / *condition.latency_ms))};
  }
  return {Standing::Level::near, worth ? worth(genotype, assessment) : 0.0};
}

}  // namespace gensynth::teaching
