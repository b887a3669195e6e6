#include "inquisitor/teaching/latency_goal.hpp"

#include <algorithm>
#include <cmath>

namespace gensynth::teaching {

double relative_latency_error(const assessment::Assessment& assessment, const distribution::Condition& condition) {
  if (!condition.latency_ms) return 0;
  return std::abs(assessment.metrics.at("latency_ms").value / *condition.latency_ms - 1);
}

void LatencyRange::add(double latency_ms) {
  min_ms = std::min(min_ms.value_or(latency_ms), latency_ms);
  max_ms = std::max(max_ms.value_or(latency_ms), latency_ms);
}

void LatencyRange::add(const LatencyRange& other) {
  if (!other.min_ms) return;
  add(*other.min_ms);
  add(*other.max_ms);
}

GoalScore LatencyGoal::score(const space::Genotype& genotype, LatencyRange* latencies) const {
  const assessment::Assessment assessment = assessor.assess(space.build(genotype));
  if (assessment.rejected()) return {GoalScore::Level::infeasible, -assessment.distance_to_feasible()};
  const double latency = assessment.metrics.at("latency_ms").value;
  if (latencies != nullptr) latencies->add(latency);
  if (relative_latency_error(assessment, condition) > kLatencyTolerance) {
    return {GoalScore::Level::feasible, -std::abs(std::log2(latency / *condition.latency_ms))};
  }
  return {GoalScore::Level::on_target, utility ? utility(genotype, assessment) : 0.0};
}

}  // namespace gensynth::teaching
