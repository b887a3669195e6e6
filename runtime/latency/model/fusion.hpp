#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "architecture/rewrite/folded_view.hpp"
#include "runtime/latency/model/kernel.hpp"

namespace gensynth::latency::model {

/// What a runtime takes into the kernel before it.
struct Fusion {
  bool batch_norm = true;                  ///< into the weights of a convolution or linear layer
  bool add = false;                        ///< a residual sum into the convolution that feeds it
  bool after_elementwise = false;          ///< an activation into an add or multiply
  std::array<bool, 9> activations{};       ///< by ActivationKind, after a convolution or linear layer
  std::array<bool, 9> composed{};          ///< by ActivationKind: a gate and a product (x * sigmoid(x)), two operators
  bool blur_as_pad_and_depthwise = false;  ///< blur pooling is two operators: a mirrored pad and a depthwise one
  bool copies_patches = false;   ///< dense convolutions lay out their patches in a pass of one thread (im2col)
  bool blocks_channels = false;  ///< the runtime lays maps out in blocks of channels, as wide as the machine's vectors
  int channel_block = 1;         ///< channels of a block; 1: the machine's maps lie plain
};

/// Walks a network in execution order as a runtime's kernels. `kernel(int vertex, const Kernel&)` is called for each
/// kernel of a vertex (attention has several), `fused(int vertex, int base)` for a vertex that runs inside the kernel
/// of `base` or needs no work; neither for a vertex that folding has removed. Makes no record, so that a search can
/// afford it.
template <class OnKernel, class OnFused>
void walk_kernels(const FoldedView& network, const Fusion& fusion, OnKernel&& kernel, OnFused&& fused);

/// All kernels of a network, in execution order.
std::vector<Kernel> kernels_of(const FoldedView& network, const Fusion& fusion);
/// Of the network as it stands.
std::vector<Kernel> kernels_of(const Architecture& architecture, const Fusion& fusion);

namespace detail {

/// What the kernel that made a value can still take in.
enum class Open : std::uint8_t { nothing, activation, all };

inline double element_operations(ActivationKind kind) {
  switch (kind) {
    case ActivationKind::hard_sigmoid:
    case ActivationKind::prelu:
      return 2;  // multiply-add and clamp; compare and multiply
    case ActivationKind::hard_swish:
      return 3;  // multiply-add, clamp, multiply
    default:
      return 1;
  }
}

inline bool has_exponential(ActivationKind kind) {
  return kind == ActivationKind::sigmoid || kind == ActivationKind::silu || kind == ActivationKind::gelu ||
         kind == ActivationKind::tanh;
}

Kernel convolution_kernel(const Convolution& op, const Shape& in, const Shape& out);
Kernel linear_kernel(int in_features, int out_features, int rows);

}  // namespace detail
}  // namespace gensynth::latency::model

#include "runtime/latency/model/walk_kernels.hpp"
