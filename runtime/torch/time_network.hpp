#pragma once

#include <string>
#include <vector>

#include "architecture/architecture.hpp"
#include "architecture/weights.hpp"
#include "runtime/bench/timing.hpp"

namespace gensynth {

/// Times a network in LibTorch on plain arrays: inference form without gradients, batch 1, one input of C * H * W
/// values. For callers without torch headers. Sets the number of threads of this process.
TimingSamples time_network(const Architecture& architecture, const Weights& weights, const std::vector<float>& input,
                           const TimingOptions& options);

/// The runtime of time_network as device files name it: "libtorch-onednn" where oneDNN is used, else
/// "libtorch-native".
std::string torch_runtime_name();

}  // namespace gensynth
