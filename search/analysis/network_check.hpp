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
};

/// Constraints that need training are judged by the run's measurements if the network is a trained trial.
/// Throws Error for a target that the latency model does not know.
NetworkCheck check_network(const run::NetworkRef& network, const constraints::ConstraintSet& constraints,
                           const latency::LatencyTarget& target);

/// The constraints of a file that contains an array of them or a job, or, for "", the four design rules (paper,
/// section 2.2). Throws Error naming file and place.
constraints::ConstraintSet read_constraints(const std::string& path);

}  // namespace gensynth::analysis
