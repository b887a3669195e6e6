#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "architecture/operators.hpp"
#include "runtime/latency/model/kernel.hpp"

namespace gensynth::latency::model {

/// Which operators a runtime merges into the kernel before them, and how it implements some others. Read from a device
/// file.
struct Fusion {
  bool batch_norm = true;                  ///< a batch norm or scale merges into a convolution or linear layer
  bool add = false;                        ///< a residual sum merges into the convolution that feeds it
  bool after_elementwise = false;          ///< an activation merges into an add or multiply
  std::array<bool, 9> activations{};       ///< by ActivationKind: it merges into a convolution or linear layer
  std::array<bool, 9> composed{};          ///< by ActivationKind: it runs as a gate and a product (x * sigmoid(x))
  bool blur_as_pad_and_depthwise = false;  ///< blur pooling runs as a mirrored pad and a depthwise convolution
  bool copies_patches = false;   ///< dense convolutions lay out their patches in a pass of one thread (im2col)
  bool blocks_channels = false;  ///< the runtime stores maps in blocks of channels, as wide as the machine's vectors
  int channel_block = 1;         ///< channels in a block; 1 where the machine's maps are not blocked
};

/// Which later operators the kernel that computes a value can still merge with.
enum class Merges : std::uint8_t { nothing, activation, everything };

/// Decides whether an operator runs inside the kernel that computes its first input, and if so, what that kernel can
/// merge with afterwards. `producer` is what the kernel of the first input merges with; `only_reader` means that no
/// other operator reads that input. A sum is never reported here: it keeps a kernel of its own, see merge_sum.
std::optional<Merges> merged(const Operator& op, const Shape& in, const Shape& out, Merges producer, bool only_reader,
                             const Fusion& fusion);

/// Computes a residual sum inside the convolution that feeds it, where the runtime does so: the kernel then reads only
/// the other operand, writes nothing, and needs no launch.
void merge_sum(Kernel& sum, const Shape& in, Merges producer, bool only_reader, const Fusion& fusion);

/// The operators that the last kernel of an operator can merge with.
Merges merges_after(const Operator& op, const Kernel& kernel, const Fusion& fusion);

}  // namespace gensynth::latency::model
