#pragma once

#include "architecture/operators.hpp"

namespace at {
class Tensor;
}

namespace gensynth::libtorch {

/// Binomial low-pass filter with reflect padding and subsampling of (N, C, H, W) maps, with its derivative. On the CPU
/// it makes two passes over rows of channels_last memory, because LibTorch's operators (padding, then a depthwise
/// convolution) took a fifth of a small network's training time. With `planes`, maps are stored plane by plane, and
/// LibTorch's operators are used.
at::Tensor blur_pool(const at::Tensor& maps, const BlurPool& pool, bool planes = false);

}  // namespace gensynth::libtorch
