#pragma once

#include <array>
#include <cmath>
#include <compare>
#include <cstdint>
#include <string>

#include "architecture/operators.hpp"

namespace gensynth::latency::model {

/// Kinds of fused kernels with different speeds.
enum class KernelClass : std::uint8_t {
  convolution,  ///< dense, larger than 1x1
  pointwise,    ///< dense 1x1 on a map, linear on tokens
  depthwise,
  grouped,
  linear,  ///< matrix times one vector, also a 1x1 convolution of a 1x1 map
  matmul,  ///< a product of two activations, in attention
  pool,
  global_pool,
  blur,
  resize,
  add,
  multiply,
  concat,
  split,
  shuffle,
  activation,
  normalisation,  ///< a batch or layer norm, or a scale, that is not merged into a convolution
  softmax,
  copy  ///< a change of layout
};
constexpr int kKernelClasses = static_cast<int>(KernelClass::copy) + 1;
const char* to_string(KernelClass kernel_class);
const std::array<std::string, kKernelClasses>& kernel_class_names();

/// The properties of one kernel that its time depends on. Products of matrices are (pixels x reduction) by (reduction x
/// channels), `groups` times.
struct Kernel {
  KernelClass kernel_class = KernelClass::copy;
  int taps = 1;             ///< kernel extent: height times width
  bool strided = false;     ///< a stride above 1
  bool winograd = false;    ///< 3x3, stride 1, dilation 1, at least 16 channels on both sides
  bool slow_math = false;   ///< exponentials
  bool gathered = false;    ///< resized by a factor that is no whole number: element by element, by indices
  bool plain = false;       ///< on plain maps, in a runtime that blocks channels
  int groups = 1;           ///< matrix products in this kernel; in pooling, resizing and padding: channels
  int reduction = 1;        ///< length of the sums, in one group
  int channels = 1;         ///< output channels, in one group
  int pixels = 1;           ///< places of the output
  double macs = 0;          ///< multiply-accumulates, as the field counts them
  double operations = 0;    ///< element operations, in a kernel without MACs (taps of a pool)
  double rows = 0;          ///< separate copies: rows of a mirrored pad or of patches, channels of a shuffle
  double elements_in = 0;   ///< read
  double elements_out = 0;  ///< written
  double weights = 0;       ///< weight values read
  int launches = 1;         ///< operators that the runtime starts; 0 for work done inside another kernel

  friend auto operator<=>(const Kernel&, const Kernel&) = default;
};

/// The measure of a kernel's size for the ranges of a calibration: MACs, or elements written if it has no MACs.
inline double work(const Kernel& kernel) { return kernel.macs > 0 ? kernel.macs : kernel.elements_out; }

/// Extent of a network's input, in pixels: the side of a square with the same number of places.
inline double input_extent(const Shape& input) { return std::sqrt(double(input.height) * input.width); }

}  // namespace gensynth::latency::model
