#pragma once

namespace gensynth::probe {

/// Loads LibTorch's kernels in a process that will fork, so that its children need not load them. Does nothing where
/// LibTorch was built for accelerators, too, because then the children could not run a backward pass afterwards.
void warm_up_before_fork();

}  // namespace gensynth::probe
