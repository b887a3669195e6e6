#include <cmath>
#include <numbers>

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
    return c.graph.transpose(c.graph.reshape(cut, {sets, tokens, heads, channels / heads}), {0, 2, 1, 3});
  };
  return {part(0), part(1), part(2)};
}

/// (sets, heads, tokens, C / heads) -> (sets, tokens, C), projected.
Value join_heads(const Value& x, const EmitContext& c) {
  const auto& [layout, channels, sets, tokens] = c.shape;
  const Value flat = c.graph.reshape(c.graph.transpose(x, {0, 2, 1, 3}), {sets, tokens, channels});
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

// The code does not depend on the image: sines and cosines of the place (EdgeNeXt, arXiv:2206.10589), projected,
// become one constant map.
OnnxGraph::Value emit_positional_encoding(const PositionalEncoding& op, const EmitContext& c) {
  constexpr double kTemperature = 10000;
  constexpr double kEps = 1e-6;
  const int channels = c.shape.channels;
  const int height = c.shape.height;
  const int width = c.shape.width;
  const auto features = [&](int place, int extent) {
    std::vector<double> out;
    const double angle = (place + 1) / (extent + kEps) * 2 * std::numbers::pi;
    for (int i = 0; i < op.hidden; ++i) {
      const double turned = angle / std::pow(kTemperature, 2.0 * (i / 2) / op.hidden);
      out.push_back(i % 2 == 0 ? std::sin(turned) : std::cos(turned));
    }
    return out;
  };
  // The projection is linear: a part of the row and a part of the column add up.
  const auto& weight = c.array("weight").values;
  const auto& bias = c.array("bias").values;
  const auto project_side = [&](int extent, int offset) {
    std::vector<double> out(static_cast<std::size_t>(extent) * static_cast<std::size_t>(channels));
    for (int place = 0; place < extent; ++place) {
      const auto code = features(place, extent);
      for (int k = 0; k < channels; ++k) {
        double sum = 0;
        for (int i = 0; i < op.hidden; ++i) {
          sum += code[static_cast<std::size_t>(i)] *
                 weight[static_cast<std::size_t>(k) * 2 * static_cast<std::size_t>(op.hidden) +
                        static_cast<std::size_t>(offset + i)];
        }
        out[static_cast<std::size_t>(place) * static_cast<std::size_t>(channels) + static_cast<std::size_t>(k)] = sum;
      }
    }
    return out;
  };
  const auto by_row = project_side(height, 0);
  const auto by_column = project_side(width, op.hidden);
  std::vector<float> code;
  code.reserve(static_cast<std::size_t>(c.shape.elements()));
  for (std::size_t k = 0; k < static_cast<std::size_t>(channels); ++k) {
    for (std::size_t y = 0; y < static_cast<std::size_t>(height); ++y) {
      for (std::size_t x = 0; x < static_cast<std::size_t>(width); ++x) {
        code.push_back(static_cast<float>(by_row[y * static_cast<std::size_t>(channels) + k] +
                                          by_column[x * static_cast<std::size_t>(channels) + k] + bias[k]));
      }
    }
  }
  return c.graph.add(c.inputs[0], c.graph.constant("code", onnx_dims(c.shape), code));
}

}  // namespace gensynth::onnx
