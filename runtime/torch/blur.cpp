#include "runtime/torch/blur.hpp"

#include <ATen/ATen.h>
#include <c10/core/GradMode.h>
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace gensynth::libtorch {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::Variable;
using torch::autograd::variable_list;

/// Binomial coefficients with sum 1.
std::vector<float> binomial(int taps) {
  std::vector<float> row{1};
  while (static_cast<int>(row.size()) < taps) {
    row.push_back(0);
    for (std::size_t i = row.size() - 1; i > 0; --i) row[i] += row[i - 1];
  }
  for (float& value : row) value = std::ldexp(value, 1 - taps);
  return row;
}

std::int64_t reflected(std::int64_t place, std::int64_t extent) {
  if (place < 0) return -place;
  return place < extent ? place : 2 * extent - 2 - place;
}

/// to[i] += factor * from[i]
void add_scaled(float* to, const float* from, float factor, std::int64_t count) {
  for (std::int64_t i = 0; i < count; ++i) to[i] += factor * from[i];
}

/// The loops over input and output in (N, H, W, C) order that the forward and the backward pass share.
struct Walk {
  std::int64_t n, h, w, c, out_h, out_w, stride, before;
  std::vector<float> taps;

  Walk(at::IntArrayRef sizes, const BlurPool& pool)
      : n(sizes[0]),
        h(sizes[2]),
        w(sizes[3]),
        c(sizes[1]),
        out_h((h - 1) / pool.stride + 1),
        out_w((w - 1) / pool.stride + 1),
        stride(pool.stride),
        before((pool.taps - 1) / 2),
        taps(binomial(pool.taps)) {}

  /// what(input place, factor) for every tap of an output place.
  template <class What>
  void for_taps(std::int64_t out, std::int64_t extent, What what) const {
    for (std::size_t k = 0; k < taps.size(); ++k) {
      what(reflected(out * stride + static_cast<std::int64_t>(k) - before, extent), taps[k]);
    }
  }

  void forward(const float* from, float* to) const {
    std::vector<float> mixed(static_cast<std::size_t>(w * c));  // one output row before its columns are mixed
    for (std::int64_t image = 0; image < n; ++image, from += h * w * c) {
      for (std::int64_t y = 0; y < out_h; ++y) {
        std::fill(mixed.begin(), mixed.end(), 0.0F);
        for_taps(y, h, [&](std::int64_t row, float f) { add_scaled(mixed.data(), from + row * w * c, f, w * c); });
        for (std::int64_t x = 0; x < out_w; ++x, to += c) {
          std::fill(to, to + c, 0.0F);
          for_taps(x, w, [&](std::int64_t column, float f) { add_scaled(to, mixed.data() + column * c, f, c); });
        }
      }
    }
  }

  /// `to` starts at zero.
  void backward(const float* gradient, float* to) const {
    std::vector<float> mixed(static_cast<std::size_t>(w * c));
    for (std::int64_t image = 0; image < n; ++image, to += h * w * c) {
      for (std::int64_t y = 0; y < out_h; ++y) {
        std::fill(mixed.begin(), mixed.end(), 0.0F);
        for (std::int64_t x = 0; x < out_w; ++x, gradient += c) {
          for_taps(x, w, [&](std::int64_t column, float f) { add_scaled(mixed.data() + column * c, gradient, f, c); });
        }
        for_taps(y, h, [&](std::int64_t row, float f) { add_scaled(to + row * w * c, mixed.data(), f, w * c); });
      }
    }
  }
};

at::Tensor forward_cpu(const at::Tensor& maps, const BlurPool& pool) {
  const at::Tensor from = maps.contiguous(at::MemoryFormat::ChannelsLast);
  const Walk walk(from.sizes(), pool);
  at::Tensor to = at::empty({walk.n, walk.c, walk.out_h, walk.out_w}, from.options(), at::MemoryFormat::ChannelsLast);
  walk.forward(from.data_ptr<float>(), to.data_ptr<float>());
  return to;
}

class BlurFunction : public torch::autograd::Function<BlurFunction> {
 public:
  static Variable forward(AutogradContext* context, const Variable& maps, std::int64_t taps, std::int64_t stride) {
    context->saved_data["sizes"] = maps.sizes().vec();
    context->saved_data["taps"] = taps;
    context->saved_data["stride"] = stride;
    return forward_cpu(maps, {static_cast<int>(taps), static_cast<int>(stride)});
  }

  static variable_list backward(AutogradContext* context, variable_list gradients) {
    const BlurPool pool{static_cast<int>(context->saved_data["taps"].toInt()),
                        static_cast<int>(context->saved_data["stride"].toInt())};
    const std::vector<std::int64_t> sizes = context->saved_data["sizes"].toIntVector();
    const at::Tensor gradient = gradients.at(0).contiguous(at::MemoryFormat::ChannelsLast);
    at::Tensor to = at::empty(sizes, gradient.options(), at::MemoryFormat::ChannelsLast).zero_();
    Walk(sizes, pool).backward(gradient.data_ptr<float>(), to.data_ptr<float>());
    return {to, Variable(), Variable()};
  }
};

at::Tensor blur_by_convolution(const at::Tensor& maps, const BlurPool& pool) {
  const std::int64_t before = (pool.taps - 1) / 2, after = pool.taps / 2;
  const at::Tensor line = at::tensor(binomial(pool.taps)).to(maps.device());
  const at::Tensor kernel = at::outer(line, line).expand({maps.size(1), 1, pool.taps, pool.taps});
  const at::Tensor padded = at::reflection_pad2d(maps, std::vector<std::int64_t>{before, after, before, after});
  return at::conv2d(padded, kernel, {}, std::vector<std::int64_t>{pool.stride, pool.stride},
                    std::vector<std::int64_t>{0, 0}, std::vector<std::int64_t>{1, 1}, maps.size(1));
}

}  // namespace

at::Tensor blur_pool(const at::Tensor& maps, const BlurPool& pool, bool planes) {
  if (planes || !maps.device().is_cpu()) return blur_by_convolution(maps, pool);
  if (!c10::GradMode::is_enabled() || !maps.requires_grad()) return forward_cpu(maps, pool);
  return BlurFunction::apply(maps, pool.taps, pool.stride);
}

}  // namespace gensynth::libtorch
