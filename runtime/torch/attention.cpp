#include <ATen/ATen.h>

#include <cmath>
#include <numbers>

#include "runtime/torch/forward.hpp"

namespace gensynth::libtorch {
namespace {

/// Sines and cosines of the place, rows before columns, (H, W, 2 hidden) (EdgeNeXt, arXiv:2206.10589, section 3.1;
/// frequencies of Vaswani et al. 2017): the place runs from 1 and is scaled to (0, 2 pi].
at::Tensor position_features(int hidden, int height, int width) {
  constexpr double kTemperature = 10000;
  constexpr double kEps = 1e-6;
  at::Tensor features = at::empty({height, width, 2 * hidden}, at::kFloat);
  float* out = features.data_ptr<float>();
  const auto write = [&](int place, int extent) {
    const double angle = (place + 1) / (extent + kEps) * 2 * std::numbers::pi;
    for (int i = 0; i < hidden; ++i) {
      const double turned = angle / std::pow(kTemperature, 2.0 * (i / 2) / hidden);
      *out++ = static_cast<float>(i % 2 == 0 ? std::sin(turned) : std::cos(turned));
    }
  };
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      write(y, height);
      write(x, width);
    }
  }
  return features;
}

/// (N, sets, tokens, C) -> projected and cut in heads: (3, N, sets, heads, tokens, C / heads).
at::Tensor project(const at::Tensor& tokens, const VertexTensors& held, int heads) {
  const std::int64_t n = tokens.size(0), sets = tokens.size(1), count = tokens.size(2), c = tokens.size(3);
  return at::linear(tokens, held.find("qkv_weight"), held.find("qkv_bias"))
      .reshape({n, sets, count, 3, heads, c / heads})
      .permute({3, 0, 1, 4, 2, 5});
}

/// (N, sets, heads, tokens, C / heads) -> (N, sets, tokens, C), projected.
at::Tensor join_heads(const at::Tensor& heads, const at::Tensor& like, const VertexTensors& held) {
  return at::linear(heads.transpose(2, 3).reshape(like.sizes()), held.find("proj_weight"), held.find("proj_bias"));
}

at::Tensor unit_rows(const at::Tensor& x) {
  constexpr double kEps = 1e-12;
  return x / at::clamp_min(at::norm(x, 2, std::vector<std::int64_t>{-1}, true), kEps);
}

}  // namespace

at::Tensor operator_constant(const Operator& op, const Shape& from) {
  if (const auto* code = std::get_if<PositionalEncoding>(&op)) {
    return position_features(code->hidden, from.height, from.width);
  }
  return {};
}

at::Tensor forward_attention(const at::Tensor& tokens, const VertexTensors& held, int heads) {
  const at::Tensor qkv = project(tokens, held, heads);
  const double scale = 1 / std::sqrt(static_cast<double>(tokens.size(3)) / heads);
  const at::Tensor weights = at::softmax(at::matmul(qkv[0] * scale, qkv[1].transpose(-1, -2)), -1);
  return join_heads(at::matmul(weights, qkv[2]), tokens, held);
}

at::Tensor forward_cross_covariance(const at::Tensor& tokens, const VertexTensors& held, int heads) {
  const at::Tensor qkv = project(tokens, held, heads).transpose(-1, -2);  // (3, N, sets, heads, C / heads, tokens)
  const at::Tensor temperature = held.find("temperature").view({heads, 1, 1});
  const at::Tensor products = at::matmul(unit_rows(qkv[0]), unit_rows(qkv[1]).transpose(-1, -2));
  const at::Tensor weights = at::softmax(products * temperature, -1);
  return join_heads(at::matmul(weights, qkv[2]).transpose(-1, -2), tokens, held);
}

}  // namespace gensynth::libtorch
