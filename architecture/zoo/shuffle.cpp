#include "architecture/zoo/blocks.hpp"

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

}  // namespace gensynth::zoo
