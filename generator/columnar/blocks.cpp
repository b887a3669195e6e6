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
  int x = layers.activate(layers.convolve(v, width, plan.kernel, 1, groups, Role::none), Role::none);
  x = layers.convolve(x, width, plan.kernel, 1, groups, Role::none);
  return layers.activate(layers.sum({x, v}, Role::residual), Role::residual);
}

}  // namespace

int build_block(Layers& layers, const ColumnPlan& plan, int v) {
  switch (plan.block) {
    case BlockKind::dc_ac:
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
