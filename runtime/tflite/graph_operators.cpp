#include <algorithm>
#include <limits>

#include "architecture/base/error.hpp"
#include "runtime/tflite/graph_impl.hpp"

namespace gensynth::tflite {
namespace {

using format::BuiltinOperator;
using Dims = Graph::Dims;

Dims broadcast_dims(const Dims& a, const Dims& b, const std::string& vertex) {
  Dims out(std::max(a.size(), b.size()), 1);
  for (std::size_t i = 1; i <= out.size(); ++i) {
    const std::int32_t x = i <= a.size() ? a[a.size() - i] : 1;
    const std::int32_t y = i <= b.size() ? b[b.size() - i] : 1;
    if (x != y && x != 1 && y != 1) {
      throw Error("tflite: vertex " + vertex + ": " + text(a) + " and " + text(b) + " do not broadcast");
    }
    out[out.size() - i] = std::max(x, y);
  }
  return out;
}

/// Extent of the output of a window of `reach` places.
std::int32_t window_extent(std::int32_t extent, int reach, int stride, bool same) {
  return same ? (extent + stride - 1) / stride : (extent - reach) / stride + 1;
}

template <class Options>
Options convolution_options(const Graph::Window& window) {
  Options options;
  options.padding = window.same ? format::Padding::same : format::Padding::valid;
  options.stride_h = window.stride.h;
  options.stride_w = window.stride.w;
  options.dilation_h = window.dilation.h;
  options.dilation_w = window.dilation.w;
  return options;
}

Dims convolution_dims(const Dims& in, const Dims& kernel, const Graph::Window& window, std::int32_t channels) {
  return {in[0], window_extent(in[1], window.dilation.h * (kernel[1] - 1) + 1, window.stride.h, window.same),
          window_extent(in[2], window.dilation.w * (kernel[2] - 1) + 1, window.stride.w, window.same), channels};
}

format::Pool2DOptionsT pool_options(const Graph::Window& window) {
  format::Pool2DOptionsT options;
  options.padding = window.same ? format::Padding::same : format::Padding::valid;
  options.stride_h = window.stride.h;
  options.stride_w = window.stride.w;
  options.filter_h = window.kernel.h;
  options.filter_w = window.kernel.w;
  return options;
}

Dims pool_dims(const Dims& in, const Graph::Window& window) {
  return {in[0], window_extent(in[1], window.kernel.h, window.stride.h, window.same),
          window_extent(in[2], window.kernel.w, window.stride.w, window.same), in[3]};
}

Dims padded(Dims dims, const Graph::Border& border) {
  dims[1] += border.top + border.bottom;
  dims[2] += border.left + border.right;
  return dims;
}

}  // namespace

Graph::Value Graph::Impl::paddings(const Border& border) {
  return integers("paddings", {4, 2}, {0, 0, border.top, border.bottom, border.left, border.right, 0, 0});
}

Graph::Value Graph::Impl::reduce(BuiltinOperator code, const std::string& word, Value x, const Dims& axes) {
  Dims out = dims(x);
  for (const auto axis : axes) out[static_cast<std::size_t>(axis)] = 1;
  format::ReducerOptionsT options;
  options.keep_dims = true;
  const Value which = integers("axes", {static_cast<std::int32_t>(axes.size())}, axes);
  return node(code, word, {x, which}, out, options);
}

Graph::Value Graph::conv(Value x, Value weight, Value bias, const Window& window) {
  const Dims& kernel = dims(weight);
  const bool grouped = dims(x)[3] != kernel[3];
  return impl_->node(BuiltinOperator::conv_2d, "conv", {x, weight, bias},
                     convolution_dims(dims(x), kernel, window, kernel[0]),
                     convolution_options<format::Conv2DOptionsT>(window), grouped ? 6 : 1);
}

Graph::Value Graph::depthwise(Value x, Value weight, Value bias, const Window& window) {
  const Dims& kernel = dims(weight);
  auto options = convolution_options<format::DepthwiseConv2DOptionsT>(window);
  options.depth_multiplier = kernel[3] / dims(x)[3];
  const bool dilated = window.dilation != Pair{1, 1};
  return impl_->node(BuiltinOperator::depthwise_conv_2d, "depthwise", {x, weight, bias},
                     convolution_dims(dims(x), kernel, window, kernel[3]), options, dilated ? 2 : 1);
}

Graph::Value Graph::fully_connected(Value x, Value weight, Value bias) {
  Dims out = dims(x);
  out.back() = dims(weight)[0];
  format::FullyConnectedOptionsT options;
  options.keep_num_dims = out.size() > 2;
  return impl_->node(BuiltinOperator::fully_connected, "matrix", {x, weight, bias}, out, options,
                     options.keep_num_dims ? 5 : 1);
}

Graph::Value Graph::max_pool(Value x, const Window& window) {
  return impl_->node(BuiltinOperator::max_pool_2d, "max", {x}, pool_dims(dims(x), window), pool_options(window));
}

Graph::Value Graph::average_pool(Value x, const Window& window) {
  return impl_->node(BuiltinOperator::average_pool_2d, "average", {x}, pool_dims(dims(x), window),
                     pool_options(window));
}

Graph::Value Graph::pad(Value x, const Border& border) {
  return impl_->node(BuiltinOperator::pad, "pad", {x, impl_->paddings(border)}, padded(dims(x), border),
                     format::PadOptionsT{});
}

Graph::Value Graph::pad_lowest(Value x, const Border& border) {
  const Value lowest = constant("lowest", {1}, {std::numeric_limits<float>::lowest()});
  return impl_->node(BuiltinOperator::padv2, "pad", {x, impl_->paddings(border), lowest}, padded(dims(x), border),
                     format::PadV2OptionsT{});
}

Graph::Value Graph::mirror_pad(Value x, const Border& border) {
  format::MirrorPadOptionsT options;
  options.mode = format::MirrorPadMode::reflect;
  return impl_->node(BuiltinOperator::mirror_pad, "pad", {x, impl_->paddings(border)}, padded(dims(x), border),
                     options);
}

Graph::Value Graph::resize_nearest(Value x, int height, int width) {
  const Value size = impl_->integers("size", {2}, {height, width});
  return impl_->node(BuiltinOperator::resize_nearest_neighbor, "resize", {x, size},
                     {dims(x)[0], height, width, dims(x)[3]}, format::ResizeNearestNeighborOptionsT{});
}

Graph::Value Graph::resize_bilinear(Value x, int height, int width) {
  const Value size = impl_->integers("size", {2}, {height, width});
  format::ResizeBilinearOptionsT options;
  options.half_pixel_centers = true;
  return impl_->node(BuiltinOperator::resize_bilinear, "resize", {x, size}, {dims(x)[0], height, width, dims(x)[3]},
                     options, 3);
}

Graph::Value Graph::relu(Value x) { return impl_->node(BuiltinOperator::relu, "relu", {x}, dims(x)); }
Graph::Value Graph::relu6(Value x) { return impl_->node(BuiltinOperator::relu6, "relu6", {x}, dims(x)); }
Graph::Value Graph::logistic(Value x) { return impl_->node(BuiltinOperator::logistic, "logistic", {x}, dims(x)); }
Graph::Value Graph::tanh(Value x) { return impl_->node(BuiltinOperator::tanh, "tanh", {x}, dims(x)); }
Graph::Value Graph::rsqrt(Value x) { return impl_->node(BuiltinOperator::rsqrt, "rsqrt", {x}, dims(x)); }
Graph::Value Graph::prelu(Value x, Value slope) {
  return impl_->node(BuiltinOperator::prelu, "prelu", {x, slope}, dims(x));
}

Graph::Value Graph::hard_swish(Value x) {
  return impl_->node(BuiltinOperator::hard_swish, "hard_swish", {x}, dims(x), format::HardSwishOptionsT{});
}

Graph::Value Graph::gelu(Value x) {
  return impl_->node(BuiltinOperator::gelu, "gelu", {x}, dims(x), format::GeluOptionsT{});
}

Graph::Value Graph::softmax(Value x) {
  format::SoftmaxOptionsT options;
  options.beta = 1;
  return impl_->node(BuiltinOperator::softmax, "softmax", {x}, dims(x), options);
}

Graph::Value Graph::dequantize(Value x) {
  return impl_->node(BuiltinOperator::dequantize, "dequantize", {x}, dims(x), format::DequantizeOptionsT{});
}

Graph::Value Graph::add(Value a, Value b) {
  return impl_->node(BuiltinOperator::add, "add", {a, b}, broadcast_dims(dims(a), dims(b), impl_->scope),
                     format::AddOptionsT{});
}
Graph::Value Graph::sub(Value a, Value b) {
  return impl_->node(BuiltinOperator::sub, "sub", {a, b}, broadcast_dims(dims(a), dims(b), impl_->scope),
                     format::SubOptionsT{});
}
Graph::Value Graph::mul(Value a, Value b) {
  return impl_->node(BuiltinOperator::mul, "mul", {a, b}, broadcast_dims(dims(a), dims(b), impl_->scope),
                     format::MulOptionsT{});
}
Graph::Value Graph::maximum(Value a, Value b) {
  return impl_->node(BuiltinOperator::maximum, "maximum", {a, b}, broadcast_dims(dims(a), dims(b), impl_->scope),
                     format::MaximumMinimumOptionsT{});
}

Graph::Value Graph::batch_matmul(Value a, Value b, bool transpose_a, bool transpose_b) {
  Dims out = dims(a);
  const Dims& right = dims(b);
  const std::size_t rank = out.size();
  if (transpose_a) std::swap(out[rank - 1], out[rank - 2]);
  const std::int32_t inner = out[rank - 1];
  out[rank - 1] = right[transpose_b ? rank - 2 : rank - 1];
  if (inner != right[transpose_b ? rank - 1 : rank - 2]) {
    throw Error("tflite: vertex " + impl_->scope + ": matrices " + text(dims(a)) + " and " + text(right) +
                " do not multiply");
  }
  format::BatchMatMulOptionsT options;
  options.adj_x = transpose_a;
  options.adj_y = transpose_b;
  return impl_->node(BuiltinOperator::batch_matmul, "matmul", {a, b}, out, options);
}

Graph::Value Graph::concat(const std::vector<Value>& values, int axis) {
  Dims out = dims(values[0]);
  out[static_cast<std::size_t>(axis)] = 0;
  for (const Value value : values) {
    out[static_cast<std::size_t>(axis)] += dims(value)[static_cast<std::size_t>(axis)];
  }
  format::ConcatenationOptionsT options;
  options.axis = axis;
  return impl_->node(BuiltinOperator::concatenation, "concat", values, out, options);
}

Graph::Value Graph::slice(Value x, int axis, int begin, int end) {
  const Dims& in = dims(x);
  const auto rank = static_cast<std::int32_t>(in.size());
  Dims from(in.size(), 0);
  Dims size = in;
  from[static_cast<std::size_t>(axis)] = begin;
  size[static_cast<std::size_t>(axis)] = end - begin;
  const Value begins = impl_->integers("begin", {rank}, from);
  const Value sizes = impl_->integers("size", {rank}, size);
  return impl_->node(BuiltinOperator::slice, "slice", {x, begins, sizes}, size, format::SliceOptionsT{});
}

Graph::Value Graph::reshape(Value x, const Dims& shape) {
  format::ReshapeOptionsT options;
  options.new_shape = shape;
  const Value extents = impl_->integers("shape", {static_cast<std::int32_t>(shape.size())}, shape);
  return impl_->node(BuiltinOperator::reshape, "reshape", {x, extents}, shape, options);
}

Graph::Value Graph::transpose(Value x, const Dims& order) {
  Dims out;
  for (const auto axis : order) out.push_back(dims(x)[static_cast<std::size_t>(axis)]);
  const Value permutation = impl_->integers("order", {static_cast<std::int32_t>(order.size())}, order);
  const int version = order.size() > 5 ? 6 : order.size() > 4 ? 4 : 1;
  return impl_->node(BuiltinOperator::transpose, "transpose", {x, permutation}, out, format::TransposeOptionsT{},
                     version);
}

Graph::Value Graph::mean(Value x, const Dims& axes) { return impl_->reduce(BuiltinOperator::mean, "mean", x, axes); }
Graph::Value Graph::sum(Value x, const Dims& axes) { return impl_->reduce(BuiltinOperator::sum, "sum", x, axes); }

}  // namespace gensynth::tflite
