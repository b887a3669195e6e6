#pragma once

#include <optional>
#include <string>

#include "architecture/zoo/blocks/step.hpp"
#include "architecture/zoo/blocks/trunk.hpp"

namespace gensynth::zoo {

/// Squeeze and excitation after a depthwise convolution (arXiv:1709.01507), from the attributes of a step:
///   se=BASE/DIVISOR[rROUNDING]   inner activation of the block, sigmoid gate (EfficientNet, MnasNet, RegNet)
///   hse=...                      relu, hard sigmoid (MobileNetV3)
/// BASE is `in` (the block's input) or `mid` (the expanded width); the reduced width is rounded as by `divisible`, or
/// to the nearest integer. Both projections are biased.
class SqueezeExcite {
 public:
  explicit SqueezeExcite(const Step& step);
  /// Returns `from` itself when the step has no squeeze and excitation.
  int apply(Trunk& trunk, int from, int block_input_channels) const;

 private:
  std::optional<std::string> width_;
  ActivationKind inner_ = ActivationKind::relu;
  ActivationKind gate_ = ActivationKind::sigmoid;
  bool of_input_ = false;
  int divisor_ = 4;
  int rounding_ = 1;
};

}  // namespace gensynth::zoo
