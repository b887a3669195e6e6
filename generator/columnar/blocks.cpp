#include "generator/columnar/blocks.hpp"

#include <algorithm>

namespace gensynth::columnar {
namespace {

/// Squeeze and excitation (arXiv:1709.01507), its width relative to the block's input as in MnasNet and its heirs.
int squeeze_and_excite(Layers& layers, int v, int block_channels) {
  Convolution squeeze;
  squeeze.out_channels = std::max(8, block_channels / 4);
  squeeze.bias = true;
  Convolution excite;
  excite.out_channels = layers.channels(v);
  excite.bias = true;
  int x = layers.add(GlobalPool{}, v, Role::squeeze);
  x = layers.add(Activation{ActivationKind::relu}, layers.add(squeeze, x, Role::squeeze), Role::squeeze);
  x = layers.add(Activation{ActivationKind::hard_sigmoid}, layers.add(excite, x, Role::squeeze), Role::gate);
  return layers.add(Multiply{}, std::vector<int>{v, x}, Role::gate);
}

int inverted_residual(Layers& layers, const ColumnPlan& plan, int v) {
  const int width = layers.channels(v);
  int x = v;
  if (plan.expansion > 1) {
    x = layers.activate(layers.pointwise(x, width * plan.expansion, Role::expansion), Role::expansion);
  }
  x = layers.activate(layers.depthwise(x, plan.kernel, Role::none), Role::none);
  if (plan.squeeze) x = squeeze_and_excite(layers, x, width);
  return layers.sum({layers.pointwise(x, width, Role::none), v}, Role::residual);
}

int depthwise_separable(Layers& layers, const ColumnPlan& plan, int v) {
  const int width = layers.channels(v);
  const int groups = fitting_groups(plan.groups, width, width);
  int x = layers.activate(layers.depthwise(v, plan.kernel, Role::none), Role::none);
  x = layers.convolve(x, width, 1, 1, groups, Role::none);
  // Groups that never meet would be columns of their own.
  if (groups > 1) x = layers.add(ChannelShuffle{groups}, x, Role::mix);
  x = layers.activate(x, Role::none);
  return plan.residual ? layers.sum({x, v}, Role::residual) : x;
}

int residual(Layers& layers, const ColumnPlan& plan, int v) {
  const int width = layers.channels(v);
  const int groups = fitting_groups(plan.groups, width, width);
  const int half = plan.kernel / 2;
  const int second = plan.kernel % 2 == 1 ? half : half - 1;  // takes back what an even kernel has added to the extent
  int x = layers.convolve_padded(v, width, plan.kernel, 1, half, groups, Role::none);
  x = layers.convolve_padded(layers.activate(x, Role::none), width, plan.kernel, 1, second, groups, Role::none);
  return layers.activate(layers.sum({x, v}, Role::residual), Role::residual);
}

/// One kxk convolution in groups where an inverted residual has a 1x1 and a depthwise one (CPUBone, arXiv:2603.26425):
/// a CPU computes it at a higher rate. After an even kernel, a depthwise convolution follows the projection, where it
/// is cheapest, and restores the extent.
int fused_grouped(Layers& layers, const ColumnPlan& plan, int v) {
  const int width = layers.channels(v);
  const int expanded = width * plan.expansion;
  const int groups = fitting_groups(plan.groups, width, expanded);
  const int half = plan.kernel / 2;
  int x = layers.convolve_padded(v, expanded, plan.kernel, 1, half, groups, Role::expansion);
  x = layers.pointwise(layers.activate(x, Role::expansion), width, Role::none);
  if (plan.kernel % 2 == 0) x = layers.convolve_padded(x, width, plan.kernel, 1, half - 1, width, Role::none);
  return layers.sum({x, v}, Role::residual);
}

}  // namespace

int build_block(Layers& layers, const ColumnPlan& plan, int v) {
  switch (plan.block) {
    case BlockKind::fused_grouped:
      return fused_grouped(layers, plan, v);
    case BlockKind::dc_ac:
    case BlockKind::dc_ac_untied:
      return double_condensing_attention_condenser(layers, plan, v);
    case BlockKind::inverted_residual:
      return inverted_residual(layers, plan, v);
    case BlockKind::depthwise_separable:
      return depthwise_separable(layers, plan, v);
    case BlockKind::residual:
      return residual(layers, plan, v);
    case BlockKind::attention_condenser:
      return attention_condenser(layers, plan, v);
    case BlockKind::visual_attention_condenser:
      return visual_attention_condenser(layers, plan, v);
  }
  return v;
}

}  // namespace gensynth::columnar
