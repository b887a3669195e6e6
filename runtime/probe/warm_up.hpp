#pragma once

namespace gensynth::probe {

/// Loads LibTorch's kernels in a process that will fork, so that every child finds them in memory. Does nothing where
/// LibTorch was built for more than the CPU, whose children could not go backward after it.
void warm_up_before_fork();

}  // namespace gensynth::probe
