#include "architecture/zoo/blocks/blocks.hpp"
#include "architecture/zoo/blocks/squeeze_excite.hpp"

namespace gensynth::zoo {
namespace {

/// A 1x1 convolution makes half of the channels, a 3x3 depthwise one makes the other half from them.
int ghost_module(Trunk& trunk, int from, int out, std::optional<ActivationKind> act, Role role) {
  const int primary = trunk.convolve(from, {.out = out / 2, .act = act}, role);
  const int cheap = trunk.convolve(primary, {.kernel = 3, .groups = 0, .act = act}, role);
  return trunk.add(Concat{}, {primary, cheap}, role);
}

}  // namespace

/// GhostNet (arXiv:1911.11907): ghost module to m channels, depthwise where it strides, squeeze-excite, linear ghost
/// module to c; the shortcut is depthwise and 1x1 where the shape changes.
void ghost_bottleneck(Trunk& trunk, const Step& step, int stride) {
  const int in = trunk.channels();
  const int out = step.integer("c");
  const ConvNormAct strided{.kernel = step.integer("k", 3), .stride = stride, .groups = 0};
  int v = ghost_module(trunk, trunk.at(), step.integer("m"), step.activation(), Role::expansion);
  if (stride > 1) v = trunk.convolve(v, strided, Role::downsample);
  v = SqueezeExcite(step).apply(trunk, v, in);
  v = ghost_module(trunk, v, out, std::nullopt, Role::mix);
  int shortcut = trunk.at();
  if (stride > 1 || in != out) {
    shortcut = trunk.convolve(trunk.convolve(shortcut, strided, Role::residual), {.out = out}, Role::residual);
  }
  trunk.end_block(trunk.add_residual(shortcut, v));
}

}  // namespace gensynth::zoo
