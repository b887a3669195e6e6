#pragma once

#include <string>
#include <vector>

#include "constraints/constraint.hpp"
#include "runtime/latency/latency_model.hpp"
#include "search/run/network_ref.hpp"

namespace gensynth::analysis {

/// The judgement of a network by constraints.
struct NetworkCheck {
  Architecture architecture;
  Metrics metrics;
  std::vector<constraints::Verdict> verdicts;
  std::vector<std::string> not_judged;  ///< constraints that need a trained network
  bool feasible = false;                ///< no hard constraint among the verdicts is violated
  latency::LatencyTarget target;        ///< that latencies are predicted for
  std::string rules = {};               ///< Judging::rules
};

/// The circumstances that a job states.
struct CheckSetting {
  latency::LatencyTarget target;
  int input_px = 0;          ///< resolution on the device; 0 = the network's own
  bool extrapolate = false;  ///< "out_of_distribution": "allow"
};

/// The constraints and the setting by which a network is judged.
struct Judging {
  constraints::ConstraintSet constraints;
  CheckSetting setting;
  std::string rules;  ///< where the constraints are from, in words
};

/// Constraints that need training are judged by the run's measurements if the network is a trained trial.
/// Throws Error for a target that the latency model does not know.
NetworkCheck check_network(const run::NetworkRef& network, const constraints::ConstraintSet& constraints,
                           const CheckSetting& setting);

/// The constraints of a file that contains an array of them, or constraints and setting of a job; for "", those of the
/// job of the run in folder `run`, or, where that is "", too, the four design rules (paper, section 2.2). The file is
/// read once. Throws Error naming file and place.
Judging read_judging(const std::string& path, const std::string& run = "");

}  // namespace gensynth::analysis
