#pragma once

#include <map>
#include <string>
#include <vector>

#include "architecture/cost.hpp"
#include "architecture/rewrite/folded_view.hpp"
#include "runtime/latency/latency_model.hpp"

namespace gensynth::analysis {

/// The sum over the kernels of one stage.
struct StageLatency {
  int stage = -1;  ///< -1: vertices without a stage
  int kernels = 0;
  std::int64_t macs = 0;
  std::int64_t bytes = 0;
  double ms = 0;
  std::map<latency::KernelBound, double> ms_by_bound;

  /// The bound of the kernels that take most of the time.
  latency::KernelBound bound() const;
};

/// How often each rewrite of folding applies to a network.
struct FoldCounts {
  int identities = 0;
  int batch_norms = 0;
  int branch_sums = 0;
};

/// Cost and predicted latency of a network.
struct NetworkProfile {
  Architecture architecture;
  Form form = Form::deployed;
  Cost total;
  FoldCounts folded;
  latency::LatencyTarget target;
  std::string model_version;
  latency::LatencyEstimate estimate;
  std::vector<StageLatency> stages;  ///< by rising number

  double share(double ms) const { return estimate.ms > 0 ? ms / estimate.ms : 0; }
  int stage_of(const latency::KernelLatency& kernel) const;
};

/// Throws Error for a target that the latency model does not know.
NetworkProfile profile_network(Architecture architecture, const latency::LatencyTarget& target, Form form);

}  // namespace gensynth::analysis
