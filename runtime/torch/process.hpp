#pragma once

#include <string>

namespace c10 {
struct Device;
}

namespace gensynth::libtorch {

/// "cpu", "cuda" or "cuda:N" as LibTorch knows it. Throws Error that lists the devices there are.
/// "cpu" asks no driver: CUDA must not begin in a process that forks.
c10::Device torch_device(const std::string& name);

/// Whether this LibTorch was built for more than the CPU (CUDA; Debian 13's for Vulkan). Asks no driver. Where it has
/// such a device the first backward pass starts threads, after which the children that a process forks cannot go
/// backward.
bool knows_accelerators();

}  // namespace gensynth::libtorch
