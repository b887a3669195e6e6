#pragma once

#include <vector>

#include "architecture/architecture.hpp"
#include "architecture/metrics.hpp"
#include "architecture/stage.hpp"
#include "constraints/constraint.hpp"
#include "runtime/accuracy/accuracy_model.hpp"
#include "runtime/latency/latency_model.hpp"

namespace gensynth::assessment {

/// Everything that is known about a candidate without training it.
struct Assessment {
  Metrics metrics;
  std::vector<constraints::Verdict> verdicts;
  int rejected_by = -1;       ///< index of the first hard constraint violated, in the order they were checked
  Stage stage = Stage::none;  ///< graph or latency: where it was rejected, or how far it came

  bool rejected() const { return rejected_by >= 0; }
  /// Sum of the relative violations of the hard constraints that were checked.
  double hard_violation() const;
  /// 0 for an accepted candidate; else 1 plus the violation, plus 1 where the expensive stage was not reached: such a
  /// candidate counts as farther from feasible than any that reached it.
  double distance_to_feasible() const;
};

/// The stages of assessment that need no training: counting and graph constraints first, then latency, predicted
/// accuracy and the constraints on them. A candidate that fails the first stage skips the second unless `exhaustive`.
/// Thread-safe; the objects that it refers to must outlive it.
class StructuralAssessor {
 public:
  /// `input_px`: the resolution on the device; 0 = the architecture's own. `extrapolate`: predictions of accuracy are
  /// used as they are even for networks out of distribution (Quantity::taken).
  StructuralAssessor(const constraints::ConstraintSet& constraints, const latency::LatencyModel& latency,
                     const accuracy::AccuracyModel& accuracy, int input_px = 0, bool extrapolate = false);

  Assessment assess(const Architecture& architecture, bool exhaustive = false) const;
  /// Whether `assess` accepts the architecture; cheaper, since it computes only what hard constraints need.
  bool feasible(const Architecture& architecture) const;
  const constraints::ConstraintSet& constraints() const { return constraints_; }

 private:
  /// The architecture at the resolution on the device.
  Architecture deployed(const Architecture& architecture) const;
  void set_predictions(const Architecture& deployed, Metrics& metrics) const;

  const constraints::ConstraintSet& constraints_;
  const latency::LatencyModel& latency_;
  const accuracy::AccuracyModel& accuracy_;
  int input_px_;
  bool extrapolate_;
};

}  // namespace gensynth::assessment
