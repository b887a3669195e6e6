#include <algorithm>

#include "architecture/zoo/blocks/blocks.hpp"

// EdgeNeXt (arXiv:2206.10589). Layer norm throughout; every convolution is biased; branches end in a layer scale.
namespace gensynth::zoo {
namespace {

constexpr double kLayerScale = 1e-6;

int depthwise(Trunk& trunk, int from, int kernel) {
  return trunk.convolve(from, {.kernel = kernel, .groups = 0, .bias = true, .norm = false}, Role::embedding);
}

/// Norm, 1x1 to e times the width, activation, 1x1 back, layer scale, and the block's shortcut.
void end_with_perceptron(Trunk& trunk, int from, const Step& step) {
  const int width = trunk.channels(from);
  int v = trunk.add(LayerNorm{}, from, Role::expansion);
  v = trunk.project(v, step.integer("e", 4) * width, Role::expansion);
  v = trunk.activate(v, step.activation().value_or(ActivationKind::gelu), Role::expansion);
  v = trunk.project(v, width, Role::mix);
  v = trunk.add(Scale{.initial = kLayerScale}, v, Role::residual);
  trunk.end_block(trunk.add_residual(trunk.at(), v));
}

}  // namespace

/// Depthwise kxk and perceptron.
void edgenext_convolution(Trunk& trunk, const Step& step, int) {
  end_with_perceptron(trunk, depthwise(trunk, trunk.at(), step.integer("k")), step);
}

/// Norm and kxk convolution of stride k.
void edgenext_downsample(Trunk& trunk, const Step& step, int stride) {
  const int v = trunk.add(LayerNorm{}, trunk.at(), Role::transition);
  trunk.end_block(trunk.convolve(
      v, {.out = step.integer("c"), .kernel = stride, .stride = stride, .bias = true, .norm = false, .padding = 0},
      Role::downsample));
}

/// Split depthwise transpose attention: the channels in `scales` parts, a chain of 3x3 depthwise convolutions over all
/// but the last, then attention across channels and the perceptron. `position` adds a code of the place first.
void edgenext_attention(Trunk& trunk, const Step& step, int) {
  const int channels = trunk.channels();
  const int scales = step.integer("scales");
  const int width = (channels + scales - 1) / scales;
  std::vector<int> parts;
  for (int begin = 0; begin < channels; begin += width) {
    int part = trunk.add(Split{begin, std::min(begin + width, channels)}, trunk.at(), Role::embedding);
    if (begin + width < channels) {
      if (!parts.empty()) part = trunk.add(Add{}, {parts.back(), part}, Role::embedding);
      part = depthwise(trunk, part, step.integer("k", 3));
    }
    parts.push_back(part);
  }
  int v = trunk.add(Concat{}, parts, Role::join);
  if (step.flag("position")) v = trunk.add(PositionalEncoding{}, v, Role::mix);
  const int map = v;
  const int tokens = trunk.add(ToTokens{}, map, Role::mix);
  v = trunk.add(LayerNorm{}, tokens, Role::mix);
  v = trunk.add(CrossCovarianceAttention{.heads = step.integer("heads", 4)}, v, Role::mix);
  v = trunk.add(Scale{.initial = kLayerScale}, v, Role::residual);
  v = trunk.add(FromTokens{}, {trunk.add_residual(tokens, v), map}, Role::mix);
  end_with_perceptron(trunk, v, step);
}

}  // namespace gensynth::zoo
