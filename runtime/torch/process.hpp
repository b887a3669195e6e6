#pragma once

#include <string>

namespace c10 {
struct Device;
}

namespace gensynth {

/// "cpu", "cuda" or "cuda:N" as LibTorch knows it. Throws Error that lists the devices there are.
c10::Device torch_device(const std::string& name);

}  // namespace gensynth
