// Operators on tokens: matrices, attention, positional codes.
#include <cmath>

#include "runtime/lowering/constants.hpp"
#include "runtime/tflite/emit.hpp"

namespace gensynth::tflite {
namespace {

using Value = Graph::Value;
using Dims = Graph::Dims;

/// Rows [begin, end) of x W^T + b; without a bias array the bias is zero.
Value project(Value x, const std::string& weight, const std::string& bias, int begin, int end, const std::string& word,
              const EmitContext& c) {
  const WeightArray& matrix = c.array(weight);
  const auto columns = static_cast<std::int32_t>(matrix.shape[1]);
  const auto rows = static_cast<std::size_t>(end - begin);
  const auto first = static_cast<std::ptrdiff_t>(begin);
  const auto from = matrix.values.begin() + first * columns;
  std::vector<float> shift(rows);
  if (!bias.empty()) {
    const auto& all = c.array(bias).values;
    shift.assign(all.begin() + first, all.begin() + first + static_cast<std::ptrdiff_t>(rows));
  }
  const Value part = c.graph.weight(word + "weight", {end - begin, columns},
                                    {from, from + static_cast<std::ptrdiff_t>(rows) * columns});
  return c.graph.fully_connected(x, part, c.graph.constant(word + "bias", {end - begin}, shift));
}

struct Heads {
  Value query, key, value;
};

/// Each (sets, heads, tokens, C / heads), or (sets, heads, C / heads, tokens) when `turned`.
Heads project_heads(int heads, bool biased, bool turned, const EmitContext& c) {
  const Dims dims = c.dims();
  const std::int32_t sets = dims[0];
  const std::int32_t tokens = dims[1];
  const std::int32_t channels = dims[2];
  const std::int32_t width = channels / heads;
  const auto part = [&](int index, const std::string& word) {
    const Value all =
        project(c.inputs[0], "qkv_weight", biased ? "qkv_bias" : "", index * channels, (index + 1) * channels, word, c);
    const Dims cut{sets, tokens, heads, width};
    return turned ? permute(c.graph, all, cut, {0, 2, 3, 1}, {sets, heads, width, tokens})
                  : permute(c.graph, all, cut, {0, 2, 1, 3}, {sets, heads, tokens, width});
  };
  return {part(0, "query_"), part(1, "key_"), part(2, "value_")};
}

/// Back to (sets, tokens, C), projected.
Value join_heads(Value x, bool turned, const EmitContext& c) {
  const Dims order = turned ? Dims{0, 3, 1, 2} : Dims{0, 2, 1, 3};
  const Dims cut = c.graph.dims(x);
  return project(permute(c.graph, x, cut, order, c.dims()), "proj_weight", "proj_bias", 0, c.shape.channels, "proj_",
                 c);
}

}  // namespace

Value emit_linear(const Linear& op, const EmitContext& c) {
  Value x = c.inputs[0];
  if (c.shapes[0].layout == Layout::map) x = c.graph.reshape(x, {c.batch, c.shapes[0].channels});
  return project(x, "weight", op.bias ? "bias" : "", 0, op.out_features, "", c);
}

Value emit_to_tokens(const ToTokens& op, const EmitContext& c) {
  const Shape& map = c.shapes[0];
  return permute(c.graph, c.inputs[0],
                 {c.batch, map.height / op.patch.h, op.patch.h, map.width / op.patch.w, op.patch.w, map.channels},
                 {0, 2, 4, 1, 3, 5}, c.dims());
}

Value emit_from_tokens(const FromTokens& op, const EmitContext& c) {
  const auto& [layout, channels, height, width] = c.shape;
  return permute(c.graph, c.inputs[0],
                 {c.batch, op.patch.h, op.patch.w, height / op.patch.h, width / op.patch.w, channels},
                 {0, 3, 1, 4, 2, 5}, c.dims());
}

Value emit_attention(const MultiHeadAttention& op, const EmitContext& c) {
  const Heads heads = project_heads(op.heads, op.qkv_bias, false, c);
  const double scale = 1 / std::sqrt(static_cast<double>(c.shape.channels) / op.heads);
  const Value query = c.graph.mul(heads.query, c.scalar("scale", scale));
  const Value products = c.graph.batch_matmul(query, heads.key, false, true);
  return join_heads(c.graph.batch_matmul(c.graph.softmax(products), heads.value, false, false), false, c);
}

Value emit_attention(const CrossCovarianceAttention& op, const EmitContext& c) {
  constexpr double kEps = 1e-12;  // lower bound of the length that a vector is divided by
  const Heads heads = project_heads(op.heads, op.qkv_bias, true, c);
  const Value least = c.scalar("least", kEps * kEps);
  const auto unit = [&](Value x) {  // each channel's vector over the tokens, of length 1
    const Value squares = c.graph.sum(c.graph.mul(x, x), {3});
    return c.graph.mul(x, c.graph.rsqrt(c.graph.maximum(squares, least)));
  };
  const Value products = c.graph.batch_matmul(unit(heads.query), unit(heads.key), false, true);
  const Value temperature = c.graph.constant("temperature", {op.heads, 1, 1}, c.array("temperature").values);
  const Value mixed = c.graph.softmax(c.graph.mul(products, temperature));
  return join_heads(c.graph.batch_matmul(mixed, heads.value, false, false), true, c);
}

Value emit_positional_encoding(const PositionalEncoding& op, const EmitContext& c) {
  const auto planes = lowering::positional_code(op, c.shape, c.array("weight").values, c.array("bias").values);
  const auto channels = static_cast<std::size_t>(c.shape.channels);
  const std::size_t places = planes.size() / channels;
  std::vector<float> code(planes.size());
  for (std::size_t k = 0; k < channels; ++k) {
    for (std::size_t p = 0; p < places; ++p) code[p * channels + k] = planes[k * places + p];
  }
  return c.graph.add(c.inputs[0], c.graph.constant("code", {1, c.shape.height, c.shape.width, c.shape.channels}, code));
}

}  // namespace gensynth::tflite
