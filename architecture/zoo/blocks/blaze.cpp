#include "architecture/zoo/blocks/blocks.hpp"

namespace gensynth::zoo {

/// BlazeFace (arXiv:1907.05047): depthwise and 1x1, and a shortcut that is max-pooled by the stride and padded with
/// zero channels; activated sum. Biased, no norm.
void blaze_block(Trunk& trunk, const Step& step, int stride) {
  const int in = trunk.channels();
  const int out = step.integer("c");
  const ConvNormAct depthwise{
      .kernel = step.integer("k", 3), .stride = stride, .groups = 0, .bias = true, .norm = false};
  const int spatial = trunk.convolve(trunk.at(), depthwise, stride > 1 ? Role::downsample : Role::embedding);
  const int body = trunk.project(spatial, out, Role::mix);
  int shortcut = trunk.at();
  if (stride > 1) {
    const Pool pool{.kind = PoolKind::max, .kernel = {stride, stride}, .stride = {stride, stride}};
    shortcut = trunk.add(pool, shortcut, Role::residual);
  }
  if (out > in) {
    const int zeros = trunk.add(Zero{}, trunk.add(Split{0, out - in}, shortcut, Role::residual), Role::residual);
    shortcut = trunk.add(Concat{}, {shortcut, zeros}, Role::residual);
  }
  trunk.end_block(trunk.activate(trunk.add_residual(shortcut, body), step.activation(), Role::residual));
}

}  // namespace gensynth::zoo
