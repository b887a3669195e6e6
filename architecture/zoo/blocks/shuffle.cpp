#include "architecture/zoo/blocks/blocks.hpp"

namespace gensynth::zoo {

/// ShuffleNet v2 (arXiv:1807.11164): half of the channels pass, half go through 1x1, depthwise, 1x1; joined and
/// shuffled. With a stride both branches read everything and downsample.
void shuffle_unit(Trunk& trunk, const Step& step, int stride) {
  const int half = step.integer("c") / 2;
  const int kernel = step.integer("k", 3);
  const auto act = step.activation();
  const Role spatial = stride > 1 ? Role::downsample : Role::embedding;
  const ConvNormAct depthwise{.kernel = kernel, .stride = stride, .groups = 0};
  const ConvNormAct pointwise{.out = half, .act = act};

  int passed = 0;
  int worked = trunk.at();
  if (stride == 1) {
    passed = trunk.add(Split{0, half}, trunk.at(), Role::residual);
    worked = trunk.add(Split{half, trunk.channels()}, trunk.at());
  } else {
    passed = trunk.convolve(trunk.convolve(trunk.at(), depthwise, spatial), pointwise, Role::mix);
  }
  worked = trunk.convolve(worked, pointwise, Role::mix);
  worked = trunk.convolve(trunk.convolve(worked, depthwise, spatial), pointwise, Role::mix);
  const int joined = trunk.add(Concat{}, {passed, worked}, Role::join);
  trunk.end_block(trunk.add(ChannelShuffle{.groups = 2}, joined, Role::mix));
}

/// ShuffleNet v1 (arXiv:1707.01083): grouped 1x1 to a quarter, shuffle, depthwise, grouped 1x1, sum, activation; with a
/// stride the input is average-pooled and concatenated. g groups, `dense_first`: not in the first 1x1.
void grouped_shuffle_unit(Trunk& trunk, const Step& step, int stride) {
  const int groups = step.integer("g");
  const int out = step.integer("c") - (stride > 1 ? trunk.channels() : 0);
  const auto act = step.activation();
  const int first_groups = step.flag("dense_first") ? 1 : groups;
  int v = trunk.convolve(trunk.at(), {.out = out / 4, .groups = first_groups, .act = act}, Role::condenser);
  v = trunk.add(ChannelShuffle{.groups = groups}, v, Role::mix);
  v = trunk.convolve(v, {.kernel = 3, .stride = stride, .groups = 0}, stride > 1 ? Role::downsample : Role::embedding);
  v = trunk.convolve(v, {.out = out, .groups = groups}, Role::expansion);
  if (stride > 1) {
    const Pool pool{.kind = PoolKind::average, .kernel = {3, 3}, .stride = {stride, stride}, .padding = {1, 1}};
    v = trunk.add(Concat{}, {trunk.add(pool, trunk.at(), Role::downsample), v}, Role::join);
  } else {
    v = trunk.add_residual(trunk.at(), v);
  }
  trunk.end_block(trunk.activate(v, act, Role::residual));
}

}  // namespace gensynth::zoo
