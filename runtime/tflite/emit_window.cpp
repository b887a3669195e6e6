// Operators with a window: convolutions, pools, blurs.
#include <algorithm>

#include "runtime/lowering/constants.hpp"
#include "runtime/tflite/emit.hpp"

namespace gensynth::tflite {
namespace {

using Value = Graph::Value;
using Dims = Graph::Dims;

/// A sliding window on one axis of a map.
struct Side {
  int in, out;  ///< extents
  int reach;    ///< places from the first to the last tap of a window, both included
  int stride, padding;

  /// How far the last window reaches beyond the map.
  int overhang() const { return std::max(0, (out - 1) * stride + reach - padding - in); }
  bool is_valid() const { return padding == 0 && overhang() == 0; }
  /// Whether this is the format's padding SAME: just enough for ceil(in / stride) windows, with half of it, rounded
  /// down, before the map.
  bool is_same() const {
    const int total = std::max(0, (out - 1) * stride + reach - in);
    return out == (in + stride - 1) / stride && total / 2 == padding;
  }
};

struct Walk {
  Side rows, columns;
  bool is_valid() const { return rows.is_valid() && columns.is_valid(); }
  bool is_same() const { return rows.is_same() && columns.is_same(); }
  Graph::Border border() const { return {rows.padding, columns.padding, rows.overhang(), columns.overhang()}; }
};

Walk walk(const EmitContext& c, const Pair& kernel, const Pair& stride, const Pair& padding, const Pair& dilation) {
  const Shape& in = c.shapes[0];
  return {{in.height, c.shape.height, dilation.h * (kernel.h - 1) + 1, stride.h, padding.h},
          {in.width, c.shape.width, dilation.w * (kernel.w - 1) + 1, stride.w, padding.w}};
}

/// (out, in, h, w) -> (out, h, w, in)
std::vector<float> channels_last(const WeightArray& array) {
  const auto extent = [&](int axis) { return static_cast<std::size_t>(array.shape[static_cast<std::size_t>(axis)]); };
  const std::size_t places = extent(2) * extent(3);
  std::vector<float> values(array.values.size());
  for (std::size_t o = 0; o < extent(0); ++o) {
    for (std::size_t i = 0; i < extent(1); ++i) {
      for (std::size_t p = 0; p < places; ++p) {
        values[(o * places + p) * extent(1) + i] = array.values[(o * extent(1) + i) * places + p];
      }
    }
  }
  return values;
}

/// (out, 1, h, w) -> (h, w, out)
std::vector<float> depthwise_order(const WeightArray& array) {
  const auto channels = static_cast<std::size_t>(array.shape[0]);
  const std::size_t places = array.values.size() / channels;
  std::vector<float> values(array.values.size());
  for (std::size_t o = 0; o < channels; ++o) {
    for (std::size_t p = 0; p < places; ++p) values[p * channels + o] = array.values[o * places + p];
  }
  return values;
}

Value zero_bias(const EmitContext& c, int channels) {
  return c.graph.constant("bias", {channels}, std::vector<float>(static_cast<std::size_t>(channels)));
}

/// The divisor of the sum over a window, by place of the output.
std::vector<int> divisors(const Side& side, bool count_padding) {
  std::vector<int> result;
  for (int place = 0; place < side.out; ++place) {
    const int begin = place * side.stride - side.padding;
    // Declared padding may count; places that ceil_mode adds beyond it never do.
    const int first = count_padding ? begin : std::max(begin, 0);
    const int last = std::min(begin + side.reach, side.in + (count_padding ? side.padding : 0));
    result.push_back(last - first);
  }
  return result;
}

}  // namespace

Value emit_convolution(const Convolution& op, const EmitContext& c) {
  const WeightArray& array = c.array("weight");
  const auto in = c.shapes[0].channels;
  const Walk w = walk(c, op.kernel, op.stride, op.padding, op.dilation);
  const bool same = !w.is_valid() && w.is_same();
  const Graph::Window window{.stride = op.stride, .dilation = op.dilation, .same = same};
  Value x = c.inputs[0];
  if (!same && !w.border().none()) x = c.graph.pad(x, w.border());
  const Value bias = op.bias ? c.per_channel("bias") : zero_bias(c, op.out_channels);
  if (op.groups == in && in > 1) {
    const Dims extents{1, op.kernel.h, op.kernel.w, op.out_channels};
    return c.graph.depthwise(x, c.graph.weight("weight", extents, depthwise_order(array)), bias, window);
  }
  const Dims extents{op.out_channels, op.kernel.h, op.kernel.w, in / op.groups};
  return c.graph.conv(x, c.graph.weight("weight", extents, channels_last(array)), bias, window);
}

Value emit_pool(const Pool& op, const EmitContext& c) {
  const Walk w = walk(c, op.kernel, op.stride, op.padding, {1, 1});
  const bool same = !w.is_valid() && w.is_same();
  const bool padded = !same && !w.border().none();
  const Graph::Window window{.kernel = op.kernel, .stride = op.stride, .same = same};
  if (op.kind == PoolKind::max) {
    return c.graph.max_pool(padded ? c.graph.pad_lowest(c.inputs[0], w.border()) : c.inputs[0], window);
  }
  const Value mean = c.graph.average_pool(padded ? c.graph.pad(c.inputs[0], w.border()) : c.inputs[0], window);

  // The runtime divides by the places of the window that lie in the map, or in the map as padded above.
  const auto done = [&](const Side& side) {
    return same ? divisors(side, false) : std::vector<int>(static_cast<std::size_t>(side.out), side.reach);
  };
  const auto done_rows = done(w.rows);
  const auto done_columns = done(w.columns);
  const auto rows = divisors(w.rows, op.count_include_pad);
  const auto columns = divisors(w.columns, op.count_include_pad);
  if (rows == done_rows && columns == done_columns) return mean;
  std::vector<float> factors;
  for (std::size_t y = 0; y < rows.size(); ++y) {
    for (std::size_t x = 0; x < columns.size(); ++x) {
      factors.push_back(static_cast<float>(static_cast<double>(done_rows[y]) * done_columns[x] / rows[y] / columns[x]));
    }
  }
  return c.graph.mul(mean, c.graph.constant("share", {1, c.shape.height, c.shape.width, 1}, factors));
}

Value emit_blur(const BlurPool& op, const EmitContext& c) {
  const auto row = lowering::binomial(op.taps);
  std::vector<float> kernel;
  for (const double a : row) {
    for (const double b : row) {
      kernel.insert(kernel.end(), static_cast<std::size_t>(c.shape.channels), static_cast<float>(a * b));
    }
  }
  const int before = (op.taps - 1) / 2;
  const int after = op.taps / 2;
  const Value padded = c.graph.mirror_pad(c.inputs[0], {before, before, after, after});
  const Value weight = c.graph.constant("kernel", {1, op.taps, op.taps, c.shape.channels}, kernel);
  return c.graph.depthwise(padded, weight, zero_bias(c, c.shape.channels), {.stride = {op.stride, op.stride}});
}

}  // namespace gensynth::tflite
