#include "runtime/tflite/emit.hpp"

#include <cmath>

#include "architecture/base/error.hpp"

namespace gensynth::tflite {
namespace {

using Value = Graph::Value;
using Dims = Graph::Dims;

std::int32_t last_axis(const Shape& shape) {
  return shape.layout == Layout::map ? 3 : shape.layout == Layout::tokens ? 2 : 1;
}

/// A batch norm that folding could not remove: a factor and a shift for each channel.
Value emit_batch_norm(const BatchNorm& op, const EmitContext& c) {
  const auto& weight = c.array("weight").values;
  const auto& bias = c.array("bias").values;
  const auto& mean = c.array("running_mean").values;
  const auto& variance = c.array("running_var").values;
  std::vector<float> factor;
  std::vector<float> shift;
  for (std::size_t i = 0; i < weight.size(); ++i) {
    const double scale = weight[i] / std::sqrt(static_cast<double>(variance[i]) + op.eps);
    factor.push_back(static_cast<float>(scale));
    shift.push_back(static_cast<float>(bias[i] - mean[i] * scale));
  }
  const Dims extents{c.shape.channels};
  const Value scaled = c.graph.mul(c.inputs[0], c.graph.constant("factor", extents, factor));
  return c.graph.add(scaled, c.graph.constant("shift", extents, shift));
}

Value emit_layer_norm(const LayerNorm& op, const EmitContext& c) {
  const Dims axes{last_axis(c.shape)};
  const Value centred = c.graph.sub(c.inputs[0], c.graph.mean(c.inputs[0], axes));
  const Value variance = c.graph.mean(c.graph.mul(centred, centred), axes);
  const Value inverse = c.graph.rsqrt(c.graph.add(variance, c.scalar("eps", op.eps)));
  const Value unit = c.graph.mul(centred, inverse);
  return c.graph.add(c.graph.mul(unit, c.per_channel("weight")), c.per_channel("bias"));
}

Value emit_hard_sigmoid(Value x, const EmitContext& c) {
  const Value clipped = c.graph.relu6(c.graph.add(x, c.scalar("three", 3)));
  return c.graph.mul(clipped, c.scalar("sixth", 1.0 / 6));
}

Value emit_activation(const Activation& op, const EmitContext& c) {
  const Value x = c.inputs[0];
  switch (op.kind) {
    case ActivationKind::relu:
      return c.graph.relu(x);
    case ActivationKind::relu6:
      return c.graph.relu6(x);
    case ActivationKind::hard_swish:
      return c.graph.hard_swish(x);
    case ActivationKind::hard_sigmoid:
      return emit_hard_sigmoid(x, c);
    case ActivationKind::sigmoid:
      return c.graph.logistic(x);
    case ActivationKind::silu:
      return c.graph.mul(x, c.graph.logistic(x));
    case ActivationKind::gelu:
      return c.graph.gelu(x);
    case ActivationKind::prelu: {
      const bool map = c.shape.layout == Layout::map;
      const Dims extents = map ? Dims{1, 1, c.shape.channels} : Dims{c.shape.channels};
      return c.graph.prelu(x, c.graph.constant("weight", extents, c.array("weight").values));
    }
    case ActivationKind::tanh:
      return c.graph.tanh(x);
  }
  throw Error("tflite: vertex " + c.id + ": activation of unknown kind", ErrorKind::internal);
}

Value emit_global_pool(const EmitContext& c) {
  const Shape& from = c.shapes[0];
  if (from.layout == Layout::map) return c.graph.mean(c.inputs[0], {1, 2});
  const Value together = c.graph.reshape(c.inputs[0], {c.batch, from.height * from.width, from.channels});
  return c.graph.reshape(c.graph.mean(together, {1}), c.dims());
}

Value emit_resize(const Resize& op, const EmitContext& c) {
  return op.mode == ResizeMode::nearest ? c.graph.resize_nearest(c.inputs[0], c.shape.height, c.shape.width)
                                        : c.graph.resize_bilinear(c.inputs[0], c.shape.height, c.shape.width);
}

Value emit_shuffle(const ChannelShuffle& op, const EmitContext& c) {
  const auto& [layout, channels, height, width] = c.shape;
  return permute(c.graph, c.inputs[0], {c.batch, height, width, op.groups, channels / op.groups}, {0, 1, 2, 4, 3},
                 c.dims());
}

/// (((a + b) + c) + d)
template <class Join>
Value chain(const EmitContext& c, Join join) {
  Value result = c.inputs[0];
  for (std::size_t i = 1; i < c.inputs.size(); ++i) result = join(result, c.inputs[i]);
  return result;
}

}  // namespace

const WeightArray& EmitContext::array(const std::string& parameter) const {
  const auto found = weights.find(id + "." + parameter);
  if (found == weights.end()) throw Error("tflite: vertex " + id + " has no weight array " + parameter);
  return found->second;
}

Value EmitContext::per_channel(const std::string& parameter) const {
  return graph.constant(parameter, {shape.channels}, array(parameter).values);
}

Value EmitContext::scalar(const std::string& word, double value) const {
  return graph.constant(word, {1}, {static_cast<float>(value)});
}

Dims EmitContext::dims() const { return tflite_dims(shape, batch); }

Dims tflite_dims(const Shape& shape, int batch) {
  switch (shape.layout) {
    case Layout::map:
      return {batch, shape.height, shape.width, shape.channels};
    case Layout::tokens:
      return {batch * shape.height, shape.width, shape.channels};
    case Layout::vector:
      return {batch, shape.channels};
  }
  throw Error("tflite: shape of unknown layout", ErrorKind::internal);
}

Value permute(Graph& graph, Value x, const Dims& dims, const Dims& order, const Dims& result) {
  // Axes that stay together, in the order of the result: the first axis of each run, and its extent.
  std::vector<std::pair<std::int32_t, std::int32_t>> runs;
  std::int32_t last = -2;
  const auto next_after = [&](std::int32_t axis) {  // among axes whose extent is not 1
    do {
      ++axis;
    } while (axis < static_cast<std::int32_t>(dims.size()) && dims[static_cast<std::size_t>(axis)] == 1);
    return axis;
  };
  for (const auto axis : order) {
    const auto extent = dims[static_cast<std::size_t>(axis)];
    if (extent == 1) continue;
    if (last >= 0 && axis == next_after(last)) {
      runs.back().second *= extent;
    } else {
      runs.emplace_back(axis, extent);
    }
    last = axis;
  }
  Dims merged;
  Dims merged_order(runs.size());
  for (std::int32_t axis = 0; axis < static_cast<std::int32_t>(dims.size()); ++axis) {
    for (std::size_t i = 0; i < runs.size(); ++i) {
      if (runs[i].first != axis) continue;
      merged_order[i] = static_cast<std::int32_t>(merged.size());
      merged.push_back(runs[i].second);
    }
  }
  if (runs.size() > 1) x = graph.transpose(graph.reshape(x, merged), merged_order);
  return graph.dims(x) == result ? x : graph.reshape(x, result);
}

Value emit(const Operator& op, const EmitContext& c) {
  const auto& in = c.inputs;
  return std::visit(
      Overloaded{
          [&](const Input&) -> Value {
            throw Error("tflite: vertex " + c.id + ": a second input", ErrorKind::internal);
          },
          [&](const Convolution& o) { return emit_convolution(o, c); },
          [&](const BatchNorm& o) { return emit_batch_norm(o, c); },
          [&](const LayerNorm& o) { return emit_layer_norm(o, c); },
          [&](const Activation& o) { return emit_activation(o, c); },
          [&](const Pool& o) { return emit_pool(o, c); },
          [&](const BlurPool& o) { return emit_blur(o, c); },
          [&](const GlobalPool&) { return emit_global_pool(c); },
          [&](const Resize& o) { return emit_resize(o, c); },
          [&](const Add&) { return chain(c, [&](Value a, Value b) { return c.graph.add(a, b); }); },
          [&](const Multiply&) { return chain(c, [&](Value a, Value b) { return c.graph.mul(a, b); }); },
          [&](const Concat&) { return c.graph.concat(in, last_axis(c.shape)); },
          [&](const Split& o) { return c.graph.slice(in[0], last_axis(c.shape), o.begin, o.end); },
          [&](const ChannelShuffle& o) { return emit_shuffle(o, c); },
          [&](const Linear& o) { return emit_linear(o, c); },
          [&](const ToTokens& o) { return emit_to_tokens(o, c); },
          [&](const FromTokens& o) { return emit_from_tokens(o, c); },
          [&](const MultiHeadAttention& o) { return emit_attention(o, c); },
          [&](const CrossCovarianceAttention& o) { return emit_attention(o, c); },
          [&](const PositionalEncoding& o) { return emit_positional_encoding(o, c); },
          [&](const Scale& o) {
            return c.graph.mul(in[0], o.per_channel ? c.per_channel("weight")
                                                    : c.graph.constant("weight", {1}, c.array("weight").values));
          },
          [&](const Zero&) {
            return c.graph.constant("zeros", c.dims(),
                                    std::vector<float>(static_cast<std::size_t>(c.shape.elements() * c.batch)));
          },
          [&](const Dropout&) { return in[0]; },
      },
      op);
}

}  // namespace gensynth::tflite
