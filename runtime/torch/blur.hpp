#pragma once

#include "architecture/operators.hpp"

namespace at {
class Tensor;
}

namespace gensynth::libtorch {

/// Binomial low-pass filter with reflect padding and subsampling of (N, C, H, W) maps, with its derivative. On the CPU
/// two passes over rows of channels_last memory: what LibTorch offers (padding, then a depthwise convolution) took a
/// fifth of a small network's training time. `planes`: maps stand plane by plane in memory, where LibTorch's way is
/// taken.
at::Tensor blur_pool(const at::Tensor& maps, const BlurPool& pool, bool planes = false);

}  // namespace gensynth::libtorch
