#include <cmath>

#include "runtime/lowering/constants.hpp"
#include "runtime/onnx/emit.hpp"

namespace gensynth::onnx {
namespace {

using Value = OnnxGraph::Value;

/// x W^T + b for tokens (sets, tokens, C); W is (out, in), b may be absent.
Value project(const Value& x, const std::string& weight, const std::string& bias, bool biased, const EmitContext& c) {
  const WeightArray& matrix = c.array(weight);
  const auto rows = static_cast<std::size_t>(matrix.shape[0]);
  const auto columns = static_cast<std::size_t>(matrix.shape[1]);
  std::vector<float> turned(matrix.values.size());
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t j = 0; j < columns; ++j) turned[j * rows + i] = matrix.values[i * columns + j];
  }
  const Value product = c.graph.matmul(x, c.graph.constant(weight, {matrix.shape[1], matrix.shape[0]}, turned));
  return biased ? c.graph.add(product, c.constant(bias, {matrix.shape[0]})) : product;
}

struct Heads {
  Value query, key, value;  ///< (sets, heads, tokens, C / heads)
};

Heads project_heads(int heads, bool biased, const EmitContext& c) {
  const int channels = c.shape.channels;
  const int sets = c.shape.height;
  const int tokens = c.shape.width;
  const Value all = project(c.inputs[0], "qkv_weight", "qkv_bias", biased, c);
  const auto part = [&](int index) {
    const Value cut = c.graph.slice(all, 2, std::int64_t{index} * channels, std::int64_t{index + 1} * channels);
    return c.graph.transpose(c.graph.reshape(cut, {c.lead(sets), tokens, heads, channels / heads}), {0, 2, 1, 3});
  };
  return {part(0), part(1), part(2)};
}

/// (sets, heads, tokens, C / heads) -> (sets, tokens, C), projected.
Value join_heads(const Value& x, const EmitContext& c) {
  const auto& [layout, channels, sets, tokens] = c.shape;
  const Value flat = c.graph.reshape(c.graph.transpose(x, {0, 2, 1, 3}), {c.lead(sets), tokens, channels});
  return project(flat, "proj_weight", "proj_bias", true, c);
}

}  // namespace

OnnxGraph::Value emit_attention(const MultiHeadAttention& op, const EmitContext& c) {
  const Heads heads = project_heads(op.heads, op.qkv_bias, c);
  const auto scale = static_cast<float>(1 / std::sqrt(static_cast<double>(c.shape.channels) / op.heads));
  const Value query = c.graph.multiply(heads.query, c.graph.constant("scale", {}, {scale}));
  const Value products = c.graph.matmul(query, c.graph.transpose(heads.key, {0, 1, 3, 2}));
  return join_heads(c.graph.matmul(c.graph.softmax(products, 3), heads.value), c);
}

OnnxGraph::Value emit_attention(const CrossCovarianceAttention& op, const EmitContext& c) {
  constexpr float kEps = 1e-12F;
  const Heads heads = project_heads(op.heads, op.qkv_bias, c);
  const Value floor = c.graph.constant("eps", {}, {kEps});
  const auto unit = [&](const Value& x) {  // each channel's vector over the tokens, of length 1
    return c.graph.divide(x, c.graph.clip(c.graph.reduce_l2(x, {2}, true), floor, ""));
  };
  const Value products = c.graph.matmul(c.graph.transpose(unit(heads.query), {0, 1, 3, 2}), unit(heads.key));
  const Value scaled = c.graph.multiply(products, c.constant("temperature", {op.heads, 1, 1}));
  const Value mixed = c.graph.matmul(c.graph.softmax(scaled, 3), c.graph.transpose(heads.value, {0, 1, 3, 2}));
  return join_heads(c.graph.transpose(mixed, {0, 1, 3, 2}), c);
}

OnnxGraph::Value emit_positional_encoding(const PositionalEncoding& op, const EmitContext& c) {
  const auto code = lowering::positional_code(op, c.shape, c.array("weight").values, c.array("bias").values);
  return c.graph.add(c.inputs[0], c.graph.constant("code", onnx_dims(c.shape, 1), code));
}

}  // namespace gensynth::onnx
