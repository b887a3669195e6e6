#pragma once

#include <string>
#include <vector>

#include "architecture/architecture.hpp"
#include "architecture/weights.hpp"
#include "runtime/timing/timing.hpp"

namespace gensynth::libtorch {

/// The kernels that eager LibTorch uses: those of oneDNN, where the build has it and its rules select it, on
/// channels_last memory; or LibTorch's own on its default order. Each has the order in which it is faster.
enum class TorchKernels { onednn, native };

/// Times a network in LibTorch on plain arrays: inference form without gradients, batch 1, one input of C * H * W
/// values. For callers without torch headers. Sets the number of threads of this process.
timing::TimingSamples time_network(const Architecture& architecture, const Weights& weights,
                                   const std::vector<float>& input, const timing::TimingOptions& options,
                                   TorchKernels kernels = TorchKernels::onednn);

/// The runtime of time_network as device files name it: "libtorch-onednn" where oneDNN is wanted and LibTorch was built
/// with it, else "libtorch-native".
std::string torch_runtime_name(TorchKernels kernels = TorchKernels::onednn);

}  // namespace gensynth::libtorch
