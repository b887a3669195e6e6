// The attention condensers: the double-condensing one and its two ancestors.
#include <algorithm>

#include "generator/columnar/blocks.hpp"

namespace gensynth::columnar {
namespace {

/// Largest ratio of both branches at which a DC-AC may stand without the identity. Above it, all that follows would see
/// no more of the image than a map of a few places: predicted accuracy does not tell that, so that a search takes such
/// a block for the cheapest of all.
constexpr int kMaxRatioWithoutIdentity = 4;

/// The map after one step of a condenser.
int condensed_extent(int extent, int ratio) { return (extent + ratio - 1) / ratio; }

/// The largest ratio up to the given one that leaves a map to embed: at least two places on each axis.
int fitting_ratio(int ratio, int extent) {
  while (ratio > 1 && condensed_extent(extent, ratio) < 2) ratio /= 2;
  return ratio;
}

/// The largest kernel up to the given one whose every tap meets the map somewhere.
int fitting_kernel(int kernel, int extent) { return std::min(kernel, 2 * extent - 1); }

int condensed_channels(int channels, int reduction) {
  constexpr int kMultiple = 4;  // keeps groups and vector units busy
  const int rounded = (channels / reduction + kMultiple / 2) / kMultiple * kMultiple;
  return std::min(channels, std::max(kMultiple, rounded));
}

/// The part of condensing that learns nothing. Branches that read the same V share it: the values are the same.
int pooled(Layers& layers, const CondenserPlan& plan, int ratio, int v) {
  if (ratio == 1 || plan.condense == Condense::strided_convolution) return v;
  if (plan.condense == Condense::max_pool) return layers.pool(v, PoolKind::max, ratio, Role::condenser);
  if (plan.condense == Condense::average_pool) return layers.pool(v, PoolKind::average, ratio, Role::condenser);
  // The widest filter has 5 taps, too few for strides above 4. Filters of stride 2 read every place.
  if (ratio > 4) {
    for (; ratio > 1; ratio /= 2) v = layers.blur(v, 3, 2, Role::condenser);
  }
  return ratio == 1 ? v : layers.blur(v, ratio == 4 ? 5 : 3, ratio, Role::condenser);
}

/// condense, embed and the channels of expand, at low resolution.
int branch(Layers& layers, const CondenserPlan& plan, int kernel, int ratio, int v, int out_channels) {
  const int condensed = condensed_channels(layers.channels(v), plan.reduction);
  int x = v;
  if (ratio > 1 && plan.condense == Condense::strided_convolution) {
    const int groups = fitting_groups(0, layers.channels(x), condensed);
    const int padding = condensing_padding(layers.extent(x), ratio);
    x = layers.convolve_padded(x, condensed, ratio + 1, ratio, padding, groups, Role::condenser);
  } else {
    x = layers.pointwise(x, condensed, Role::condenser);
  }
  x = layers.activate(x, Role::condenser);
  const int embedded = condensed * plan.embed_width;
  for (int i = 0; i < plan.embed_depth; ++i) {
    const int width = layers.channels(x);
    const int groups = fitting_groups(plan.embed_groups, width, width);
    x = layers.activate(layers.convolve(x, width, fitting_kernel(kernel, layers.extent(x)), 1, groups, Role::embedding),
                        Role::embedding);
    x = layers.activate(layers.pointwise(x, embedded, Role::embedding), Role::embedding);
  }
  return layers.pointwise(x, out_channels, Role::expansion);
}

/// Back to the height and width of v.
int resized(Layers& layers, const CondenserPlan& plan, int ratio, int x, int v) {
  return ratio == 1 ? x : layers.add(Resize{plan.resize, 0}, std::vector<int>{x, v}, Role::expansion);
}

/// g(expand(embed(condense(v)))). The gate precedes the resize, where it costs 1 / ratio^2; nearest
/// commutes with it, and an interpolated gate is still a gate.
int attention(Layers& layers, const ColumnPlan& column, int ratio, int condensed_map, int v) {
  const CondenserPlan& plan = column.condenser;
  const int x = branch(layers, plan, column.kernel, ratio, condensed_map, layers.channels(v));
  return resized(layers, plan, ratio, layers.add(Activation{plan.gate}, x, Role::gate), v);
}

}  // namespace

int double_condensing_attention_condenser(Layers& layers, const ColumnPlan& column, int v) {
  const bool untied = column.block == BlockKind::dc_ac_untied;
  const CondenserPlan& plan = column.condenser;
  const CondenserPlan& values = untied ? column.values : plan;
  const int ratio = fitting_ratio(plan.ratio, layers.extent(v));
  const int values_ratio = fitting_ratio(values.ratio, layers.extent(v));
  const int map = pooled(layers, plan, ratio, v);
  const bool shared = values_ratio == ratio && values.condense == plan.condense;
  const int values_map = shared ? map : pooled(layers, values, values_ratio, v);
  const int a = attention(layers, column, ratio, map, v);
  const int x = branch(layers, values, column.kernel, values_ratio, values_map, layers.channels(v));
  const int b = resized(layers, values, values_ratio, x, v);
  const int product = layers.add(Multiply{}, std::vector<int>{a, b}, Role::gate);
  const bool identity = column.residual || std::min(ratio, values_ratio) > kMaxRatioWithoutIdentity;
  return identity ? layers.sum({product, v}, Role::residual) : product;
}

int attention_condenser(Layers& layers, const ColumnPlan& column, int v) {
  const int ratio = fitting_ratio(column.condenser.ratio, layers.extent(v));
  const int a = attention(layers, column, ratio, pooled(layers, column.condenser, ratio, v), v);
  const int product = layers.add(Multiply{}, std::vector<int>{v, a}, Role::gate);
  return layers.sum({layers.add(Scale{false, 1.0}, product, Role::gate), v}, Role::residual);
}

int visual_attention_condenser(Layers& layers, const ColumnPlan& column, int v) {
  const int mixed = condensed_channels(layers.channels(v), column.condenser.reduction);
  const int down = layers.activate(layers.pointwise(v, mixed, Role::mix), Role::mix);
  const int up = layers.pointwise(attention_condenser(layers, column, down), layers.channels(v), Role::mix);
  return column.residual ? layers.sum({up, v}, Role::residual) : layers.activate(up, Role::mix);
}

}  // namespace gensynth::columnar
