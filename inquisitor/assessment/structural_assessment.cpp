#include "inquisitor/assessment/structural_assessment.hpp"

#include <iterator>

#include "architecture/cost.hpp"

namespace gensynth::assessment {
namespace {

int first_hard_violation(const std::vector<constraints::Verdict>& verdicts) {
  for (std::size_t i = 0; i < verdicts.size(); ++i) {
    if (verdicts[i].hard && !verdicts[i].satisfied) return static_cast<int>(i);
  }
  return -1;
}

}  // namespace

double Assessment::hard_violation() const {
  double sum = 0;
  for (const constraints::Verdict& verdict : verdicts) {
    if (verdict.hard && !verdict.satisfied) sum += verdict.relative_violation();
  }
  return sum;
}

double Assessment::distance_to_feasible() const {
  if (!rejected()) return 0;
  const double unreached = stage == Stage::graph ? 1.0 : 0.0;
  return 1 + unreached + hard_violation();
}

StructuralAssessor::StructuralAssessor(const constraints::ConstraintSet& constraints,
                                       const latency::LatencyModel& latency, const accuracy::AccuracyModel& accuracy,
                                       int input_px, bool extrapolate)
    : constraints_(constraints),
      latency_(latency),
      accuracy_(accuracy),
      input_px_(input_px),
      extrapolate_(extrapolate) {}

Architecture StructuralAssessor::deployed(const Architecture& architecture) const {
  const bool resize = input_px_ > 0 && architecture.shape(architecture.input()).height != input_px_;
  return resize ? architecture.at_resolution(input_px_) : architecture;
}

void StructuralAssessor::set_predictions(const Architecture& deployed, Metrics& metrics) const {
  metrics.set("latency_ms", latency_.total(deployed));
  Quantity top1 = accuracy_.top1(deployed);
  top1.extrapolate = extrapolate_;
  metrics.set("top1", std::move(top1));
}

bool StructuralAssessor::feasible(const Architecture& architecture) const {
  const Architecture deployed = this->deployed(architecture);
  Metrics metrics;
  set_cost(cost(deployed), deployed.size(), metrics);
  if (!constraints_.meets_hard(deployed, metrics, constraints::CostClass::graph)) return false;
  if (!constraints_.has_hard(constraints::CostClass::latency)) return true;
  set_predictions(deployed, metrics);
  return constraints_.meets_hard(deployed, metrics, constraints::CostClass::latency);
}

Assessment StructuralAssessor::assess(const Architecture& architecture, bool exhaustive) const {
  const Architecture deployed = this->deployed(architecture);
  Assessment result;
  result.stage = Stage::graph;
  set_cost(cost(deployed), deployed.size(), result.metrics);
  result.verdicts =
      constraints_.check(deployed, result.metrics, constraints::CostClass::graph, constraints::CostClass::graph);
  result.rejected_by = first_hard_violation(result.verdicts);
  if (result.rejected() && !exhaustive) return result;

  set_predictions(deployed, result.metrics);
  std::vector<constraints::Verdict> later =
      constraints_.check(deployed, result.metrics, constraints::CostClass::latency, constraints::CostClass::latency);
  std::move(later.begin(), later.end(), std::back_inserter(result.verdicts));
  if (!result.rejected()) {
    result.stage = Stage::latency;
    result.rejected_by = first_hard_violation(result.verdicts);
  }
  return result;
}

}  // namespace gensynth::assessment
