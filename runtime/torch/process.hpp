#pragma once

#include <string>

namespace c10 {
struct Device;
}

namespace gensynth::libtorch {

/// The LibTorch device named "cpu", "cuda" or "cuda:N". Throws Error that lists the available devices. "cpu" does not
/// call a driver, because CUDA must not be initialised in a process that forks.
c10::Device torch_device(const std::string& name);

/// Whether this LibTorch was built for more than the CPU (CUDA; Debian 13's for Vulkan). Calls no driver. In
/// such a build the first backward pass starts threads, after which forked children cannot run a backward pass.
bool knows_accelerators();

}  // namespace gensynth::libtorch
