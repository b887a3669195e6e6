#include "runtime/onnx/emit.hpp"

#include <algorithm>
#include <cmath>

#include "architecture/base/error.hpp"
#include "runtime/lowering/constants.hpp"

namespace gensynth::onnx {
namespace {

using Value = OnnxGraph::Value;
using Dims = OnnxGraph::Dims;

Dims dims(const Pair& pair) { return {pair.h, pair.w}; }

int channel_axis(Layout layout) { return layout == Layout::tokens ? 2 : 1; }

/// Extents that make one value per channel broadcast over a tensor of this layout.
Dims per_channel(const Shape& shape) {
  return shape.layout == Layout::map ? Dims{shape.channels, 1, 1} : Dims{shape.channels};
}

Value emit_convolution(const Convolution& op, const EmitContext& c) {
  const OnnxGraph::Window window{
      dims(op.kernel), dims(op.stride), {op.padding.h, op.padding.w, op.padding.h, op.padding.w}, dims(op.dilation)};
  const Value bias = op.bias ? c.constant("bias", {op.out_channels}) : "";
  return c.graph.conv(c.inputs[0], c.constant("weight", c.array("weight").shape), bias, window, op.groups);
}

Value emit_batch_norm(const BatchNorm& op, const EmitContext& c) {
  const Dims extents{c.shape.channels};
  return c.graph.batch_normalization(c.inputs[0], c.constant("weight", extents), c.constant("bias", extents),
                                     c.constant("running_mean", extents), c.constant("running_var", extents), op.eps);
}

Value emit_layer_norm(const LayerNorm& op, const EmitContext& c) {
  const Dims axes{channel_axis(c.shape.layout)};
  const Value centred = c.graph.subtract(c.inputs[0], c.graph.reduce_mean(c.inputs[0], axes, true));
  const Value variance = c.graph.reduce_mean(c.graph.multiply(centred, centred), axes, true);
  const Value eps = c.graph.constant("eps", {}, {static_cast<float>(op.eps)});
  const Value unit = c.graph.divide(centred, c.graph.sqrt(c.graph.add(variance, eps)));
  return c.graph.add(c.graph.multiply(unit, c.constant("weight", per_channel(c.shape))),
                     c.constant("bias", per_channel(c.shape)));
}

Value emit_activation(const Activation& op, const EmitContext& c) {
  OnnxGraph& g = c.graph;
  const Value& x = c.inputs[0];
  switch (op.kind) {
    case ActivationKind::relu:
      return g.relu(x);
    case ActivationKind::relu6: {
      const Value low = g.constant("low", {}, {0.0F});
      return g.clip(x, low, g.constant("high", {}, {6.0F}));
    }
    case ActivationKind::hard_swish:  // an operator of its own from opset 14 on
      return g.multiply(x, g.hard_sigmoid(x));
    case ActivationKind::hard_sigmoid:
      return g.hard_sigmoid(x);
    case ActivationKind::sigmoid:
      return g.sigmoid(x);
    case ActivationKind::silu:
      return g.multiply(x, g.sigmoid(x));
    case ActivationKind::gelu: {
      const Value turned = g.erf(g.divide(x, g.constant("root2", {}, {std::sqrt(2.0F)})));
      const Value raised = g.add(turned, g.constant("one", {}, {1.0F}));
      return g.multiply(g.multiply(x, raised), g.constant("half", {}, {0.5F}));
    }
    case ActivationKind::prelu:
      return g.prelu(x, c.constant("weight", per_channel(c.shape)));
    case ActivationKind::tanh:
      return g.tanh(x);
  }
  throw Error("onnx: vertex " + c.id + ": activation of unknown kind", ErrorKind::internal);
}

/// Runtimes disagree about ceil_mode, so that its wider last window is written as padding at the end, which has no
/// effect: it is -infinity for the maximum and not part of the mean.
Value emit_pool(const Pool& op, const EmitContext& c) {
  const auto end = [](int in, int out, int kernel, int stride, int padding) {
    const int reach = (out - 1) * stride + kernel - padding - in;
    return std::max(padding, reach);
  };
  const int bottom = end(c.shapes[0].height, c.shape.height, op.kernel.h, op.stride.h, op.padding.h);
  const int right = end(c.shapes[0].width, c.shape.width, op.kernel.w, op.stride.w, op.padding.w);
  OnnxGraph::Window window{dims(op.kernel), dims(op.stride), {op.padding.h, op.padding.w, bottom, right}, {}};
  if (op.kind == PoolKind::max) return c.graph.max_pool(c.inputs[0], window);
  if (!op.count_include_pad) return c.graph.average_pool(c.inputs[0], window, false);
  // The padding counts, but the places that ceil_mode adds do not: the mean of such windows is corrected.
  const Value mean = c.graph.average_pool(c.inputs[0], window, true);
  if (bottom == op.padding.h && right == op.padding.w) return mean;
  const auto share = [](int place, int in, int kernel, int stride, int padding) {
    return static_cast<double>(kernel) / std::min(kernel, in + 2 * padding - place * stride);
  };
  std::vector<float> factor;
  for (int y = 0; y < c.shape.height; ++y) {
    for (int x = 0; x < c.shape.width; ++x) {
      factor.push_back(static_cast<float>(share(y, c.shapes[0].height, op.kernel.h, op.stride.h, op.padding.h) *
                                          share(x, c.shapes[0].width, op.kernel.w, op.stride.w, op.padding.w)));
    }
  }
  return c.graph.multiply(mean, c.graph.constant("share", {1, 1, c.shape.height, c.shape.width}, factor));
}

Value emit_blur(const BlurPool& op, const EmitContext& c) {
  const auto row = lowering::binomial(op.taps);
  std::vector<float> kernel;
  for (int channel = 0; channel < c.shape.channels; ++channel) {
    for (const double a : row) {
      for (const double b : row) kernel.push_back(static_cast<float>(a * b));
    }
  }
  const std::int64_t before = (op.taps - 1) / 2;
  const std::int64_t after = op.taps / 2;
  const Value padded = c.graph.pad(c.inputs[0], {0, 0, before, before, 0, 0, after, after}, "reflect");
  const Value weight = c.graph.constant("kernel", {c.shape.channels, 1, op.taps, op.taps}, kernel);
  return c.graph.conv(padded, weight, "", {{op.taps, op.taps}, {op.stride, op.stride}, {0, 0, 0, 0}, {1, 1}},
                      c.shape.channels);
}

/// The input place that LibTorch reads for each of `out` places: floor(place * in / out) in single precision.
std::vector<std::int64_t> nearest_places(int in, int out) {
  std::vector<std::int64_t> places;
  const float ratio = static_cast<float>(in) / static_cast<float>(out);
  for (int place = 0; place < out; ++place) {
    places.push_back(std::min<std::int64_t>(static_cast<std::int64_t>(static_cast<float>(place) * ratio), in - 1));
  }
  return places;
}

/// Whether ONNX's Resize reads the same places: it divides by a rounded scale, which is exact only for whole factors.
bool whole_factor(int in, int out) {
  if (out % in != 0) return false;
  const auto places = nearest_places(in, out);
  for (int place = 0; place < out; ++place) {
    if (places[static_cast<std::size_t>(place)] != place / (out / in)) return false;
  }
  return true;
}

Value emit_resize(const Resize& op, const EmitContext& c) {
  const Shape& in = c.shapes[0];
  // Sizes name the batch, too; scales do not.
  const bool any = c.batch == OnnxGraph::kAny;
  const Dims from{in.height, in.width};
  const Dims to{c.shape.height, c.shape.width};
  if (op.mode == ResizeMode::bilinear) {
    return any ? c.graph.scale_bilinear(c.inputs[0], from, to) : c.graph.resize_bilinear(c.inputs[0], c.dims());
  }
  if (whole_factor(in.height, c.shape.height) && whole_factor(in.width, c.shape.width)) {
    return any ? c.graph.scale_nearest(c.inputs[0], from, to) : c.graph.resize_nearest(c.inputs[0], c.dims());
  }
  const Value rows = c.graph.gather(c.inputs[0], nearest_places(in.height, c.shape.height), 2);
  return c.graph.gather(rows, nearest_places(in.width, c.shape.width), 3);
}

Value emit_shuffle(const ChannelShuffle& op, const EmitContext& c) {
  const auto& [layout, channels, height, width] = c.shape;
  const Value grouped = c.graph.reshape(c.inputs[0], {c.batch, op.groups, channels / op.groups, height, width});
  return c.graph.reshape(c.graph.transpose(grouped, {0, 2, 1, 3, 4}), c.dims());
}

Value emit_linear(const Linear& op, const EmitContext& c) {
  if (c.shape.layout == Layout::tokens) {
    const auto in = static_cast<std::size_t>(c.shapes[0].channels);
    const auto out = static_cast<std::size_t>(op.out_features);
    const auto& matrix = c.array("weight").values;
    std::vector<float> turned(matrix.size());
    for (std::size_t i = 0; i < out; ++i) {
      for (std::size_t j = 0; j < in; ++j) turned[j * out + i] = matrix[i * in + j];
    }
    const Value weight = c.graph.constant("weight", {c.shapes[0].channels, op.out_features}, turned);
    const Value product = c.graph.matmul(c.inputs[0], weight);
    return op.bias ? c.graph.add(product, c.constant("bias", {op.out_features})) : product;
  }
  const Value vector =
      c.shapes[0].layout == Layout::map ? c.graph.reshape(c.inputs[0], {c.batch, c.shapes[0].channels}) : c.inputs[0];
  const Value weight = c.constant("weight", {op.out_features, c.shapes[0].channels});
  return c.graph.gemm(vector, weight, op.bias ? c.constant("bias", {op.out_features}) : "");
}

Value emit_to_tokens(const ToTokens& op, const EmitContext& c) {
  const Shape& map = c.shapes[0];
  const Value cut = c.graph.reshape(
      c.inputs[0], {c.batch, map.channels, map.height / op.patch.h, op.patch.h, map.width / op.patch.w, op.patch.w});
  return c.graph.reshape(c.graph.transpose(cut, {0, 3, 5, 2, 4, 1}), c.dims());
}

Value emit_from_tokens(const FromTokens& op, const EmitContext& c) {
  const auto& [layout, channels, height, width] = c.shape;
  const Value cut = c.graph.reshape(
      c.inputs[0], {c.batch, op.patch.h, op.patch.w, height / op.patch.h, width / op.patch.w, channels});
  return c.graph.reshape(c.graph.transpose(cut, {0, 5, 3, 1, 4, 2}), c.dims());
}

Value emit_token_mean(const EmitContext& c) {
  const Shape& tokens = c.shapes[0];
  Value x = c.inputs[0];
  if (tokens.height > 1) x = c.graph.reshape(x, {c.batch, tokens.height * tokens.width, tokens.channels});
  return c.graph.reduce_mean(x, {1}, false);
}

/// Zeros of a batch that is not fixed have as many images as the input.
Value emit_zero(const EmitContext& c) {
  if (c.batch != OnnxGraph::kAny) return c.graph.zeros(c.dims());
  if (c.shape.layout == Layout::tokens && c.shape.height > 1) {
    throw Error("onnx: vertex " + c.id + ": zeros for tokens of several sets need a fixed batch (--batch N)");
  }
  const Value one = c.graph.slice(c.graph.global_average_pool(c.images), 1, 0, 1);  // (N, 1, 1, 1)
  Value none = c.graph.multiply(one, c.graph.constant("nothing", {}, {0.0F}));
  if (c.shape.layout == Layout::tokens) none = c.graph.reshape(none, {c.batch, 1, 1});
  if (c.shape.layout == Layout::vector) none = c.graph.reshape(none, {c.batch, 1});
  return c.graph.add(none, c.graph.zeros(onnx_dims(c.shape, 1)));
}

Value emit_product(const EmitContext& c) {
  Value product = c.inputs[0];
  for (std::size_t i = 1; i < c.inputs.size(); ++i) product = c.graph.multiply(product, c.inputs[i]);
  return product;
}

}  // namespace

const WeightArray& EmitContext::array(const std::string& parameter) const {
  const auto found = weights.find(id + "." + parameter);
  if (found == weights.end()) throw Error("onnx: vertex " + id + " has no weight array " + parameter);
  return found->second;
}

OnnxGraph::Value EmitContext::constant(const std::string& parameter, const OnnxGraph::Dims& extents) const {
  return graph.constant(parameter, extents, array(parameter).values);
}

OnnxGraph::Dims EmitContext::dims() const { return onnx_dims(shape, batch); }

OnnxGraph::Dims onnx_dims(const Shape& shape, std::int64_t batch) {
  switch (shape.layout) {
    case Layout::map:
      return {batch, shape.channels, shape.height, shape.width};
    case Layout::tokens:
      return {batch == OnnxGraph::kAny ? batch : batch * shape.height, shape.width, shape.channels};
    case Layout::vector:
      return {batch, shape.channels};
  }
  throw Error("onnx: shape of unknown layout", ErrorKind::internal);
}

OnnxGraph::Value emit(const Operator& op, const EmitContext& c) {
  const auto& in = c.inputs;
  return std::visit(
      Overloaded{
          [&](const Input&) -> Value { throw Error("onnx: vertex " + c.id + ": a second input", ErrorKind::internal); },
          [&](const Convolution& o) { return emit_convolution(o, c); },
          [&](const BatchNorm& o) { return emit_batch_norm(o, c); },
          [&](const LayerNorm& o) { return emit_layer_norm(o, c); },
          [&](const Activation& o) { return emit_activation(o, c); },
          [&](const Pool& o) { return emit_pool(o, c); },
          [&](const BlurPool& o) { return emit_blur(o, c); },
          [&](const GlobalPool&) {
            if (c.shapes[0].layout == Layout::map) return c.graph.global_average_pool(in[0]);
            return emit_token_mean(c);
          },
          [&](const Resize& o) { return emit_resize(o, c); },
          [&](const Add&) { return in.size() == 2 ? c.graph.add(in[0], in[1]) : c.graph.sum(in); },
          [&](const Multiply&) { return emit_product(c); },
          [&](const Concat&) { return c.graph.concat(in, channel_axis(c.shape.layout)); },
          [&](const Split& o) { return c.graph.slice(in[0], channel_axis(c.shape.layout), o.begin, o.end); },
          [&](const ChannelShuffle& o) { return emit_shuffle(o, c); },
          [&](const Linear& o) { return emit_linear(o, c); },
          [&](const ToTokens& o) { return emit_to_tokens(o, c); },
          [&](const FromTokens& o) { return emit_from_tokens(o, c); },
          [&](const MultiHeadAttention& o) { return emit_attention(o, c); },
          [&](const CrossCovarianceAttention& o) { return emit_attention(o, c); },
          [&](const PositionalEncoding& o) { return emit_positional_encoding(o, c); },
          [&](const Scale& o) {
            return c.graph.multiply(in[0], c.constant("weight", o.per_channel ? per_channel(c.shape) : Dims{1}));
          },
          [&](const Zero&) { return emit_zero(c); },
          [&](const Dropout&) { return in[0]; },
      },
      op);
}

}  // namespace gensynth::onnx
