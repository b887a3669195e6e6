#pragma once

#include <optional>
#include <string>
#include <vector>

#include "search/sampling/sampling.hpp"

namespace gensynth::sampling {

/// A request of `gensynth generate`.
struct GenerationRequest {
  std::string run;
  int count = 1;                  ///< networks, for each latency
  std::int64_t seed = 1;          ///< not negative
  std::vector<double> latencies;  ///< ms; none: any latency
  std::int64_t samples = SamplingRequest{}.samples;
  std::int64_t raw = 0;  ///< raw samples whose feasible share is measured; 0: not measured
  std::string out;       ///< folder for architecture files; "": none are written
};

/// The networks emitted for one latency.
struct GenerationAnswer {
  SamplingRequest request;
  SamplingResult emission;
  bool complete() const { return static_cast<int>(emission.networks.size()) >= request.count; }
  /// "generated-SEED", followed by the requested latency if there is one.
  std::string network_name(const SampledNetwork& network) const;
};

struct Generation {
  GenerationRequest request;
  std::vector<GenerationAnswer> answers;
  std::optional<RawFeasibility> raw;
  std::vector<std::string> damaged;  ///< records of the run that were left out
  bool complete() const;
  /// The file that a network of that name is written to; "" when none is.
  std::string file_of(const std::string& name) const;
};

/// Emits the networks and writes their files. Throws Error for a run without a generator or a folder that cannot be
/// made. Deterministic in the run's state and the request.
Generation generate(const GenerationRequest& request);

}  // namespace gensynth::sampling
