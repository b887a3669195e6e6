#pragma once

#include <string>
#include <vector>

#include "architecture/cost.hpp"
#include "architecture/metrics.hpp"
#include "runtime/latency/latency_model.hpp"

namespace gensynth::analysis {

struct ComparisonRequest {
  std::vector<std::string> networks;  ///< as the command line names them
  latency::LatencyTarget target;      ///< runtime and threads are replaced by each of those below
  std::vector<std::string> runtimes;  ///< {"all"}: every runtime of the device at this precision
  std::vector<int> threads;
  std::string reference;  ///< the network whose throughput is 1; "" = the first
  Form form = Form::deployed;
  bool folded = false;  ///< sizes are of the folded networks too
};

/// One network: its cost, and its latency on each target.
struct ComparedNetwork {
  std::string name;
  int px = 0;
  Cost total;
  Metrics metrics;
  std::vector<Quantity> latencies;   ///< by target, ms
  std::vector<double> throughputs;   ///< by target, relative to the reference
  std::vector<std::string> damaged;  ///< run::NetworkRef::damaged
};

struct NetworkComparison {
  ComparisonRequest request;                    ///< with "all" and "" replaced
  std::vector<latency::LatencyTarget> targets;  ///< by runtime, then threads
  std::vector<ComparedNetwork> networks;        ///< in the order of the request
};

/// Throws Error for an unknown network, device or runtime.
NetworkComparison compare_networks(ComparisonRequest request);

}  // namespace gensynth::analysis
