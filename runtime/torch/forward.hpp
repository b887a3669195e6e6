#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "architecture/operators.hpp"

namespace at {
class Tensor;
}

namespace gensynth::libtorch {

/// The tensors of one vertex: learned arrays and buffers under the names of architecture/weights.hpp, and at most one
/// fixed tensor (the features of a position code).
struct VertexTensors {
  std::vector<std::string> names;
  std::vector<at::Tensor> tensors;
  std::vector<at::Tensor> constants;

  /// Undefined when the operator has no such array (a convolution without bias).
  at::Tensor find(std::string_view name) const;
};

struct ForwardMode {
  bool training = true;
  bool reuse_input = false;     ///< the input may be overwritten, because no other vertex reads it
  std::uint64_t mask_seed = 0;  ///< of a dropout's mask
  bool planes = false;          ///< maps are stored plane by plane
};

/// Tensors by layout: map (N, C, H, W), tokens (N, sets, tokens, C), vector (N, C).
/// `from` is the first input's shape, `to` the output's.
at::Tensor forward_operator(const Operator& op, const std::vector<at::Tensor>& inputs, const VertexTensors& held,
                            const Shape& from, const Shape& to, const ForwardMode& mode);

/// Softmax attention over tokens (Vaswani et al. 2017), and over channels (XCiT, arXiv:2106.09681).
at::Tensor forward_attention(const at::Tensor& tokens, const VertexTensors& held, int heads);
at::Tensor forward_cross_covariance(const at::Tensor& tokens, const VertexTensors& held, int heads);

/// The fixed tensor that an operator reads, or undefined. `from` is the input's shape.
at::Tensor operator_constant(const Operator& op, const Shape& from);

}  // namespace gensynth::libtorch
