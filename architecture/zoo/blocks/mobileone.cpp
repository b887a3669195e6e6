#include "architecture/zoo/blocks/blocks.hpp"

// MobileOne (arXiv:2206.04040). Trained: a sum of parallel linear branches; deployed (no `branches`): the one biased
// convolution they fold into.
namespace gensynth::zoo {
namespace {

int layer(Trunk& trunk, int from, const ConvNormAct& shape, int branches, ActivationKind act, Role role) {
  if (branches == 0) {
    ConvNormAct folded = shape;
    folded.bias = true;
    folded.norm = false;
    folded.act = act;
    return trunk.convolve(from, folded, role);
  }
  std::vector<int> sum;
  for (int i = 0; i < branches; ++i) sum.push_back(trunk.convolve(from, shape, role));
  if (shape.kernel > 1) {
    ConvNormAct scale = shape;
    scale.kernel = 1;
    sum.push_back(trunk.convolve(from, scale, role));
  }
  const int out = shape.out == 0 ? trunk.channels(from) : shape.out;
  if (shape.stride == 1 && trunk.channels(from) == out) sum.push_back(trunk.add(BatchNorm{}, from, role));
  const int v = sum.size() == 1 ? sum.front() : trunk.add(Add{}, sum, role);
  return trunk.activate(v, act, role);
}

ActivationKind activation_of(const Step& step) { return step.activation().value_or(ActivationKind::relu); }
int branches_of(const Step& step) { return step.integer("branches", 0); }

}  // namespace

/// One layer, dense: the stem.
void mobileone_layer(Trunk& trunk, const Step& step, int stride) {
  const ConvNormAct shape{.out = step.integer("c"), .kernel = step.integer("k", 3), .stride = stride};
  trunk.end_block(layer(trunk, trunk.at(), shape, branches_of(step), activation_of(step), Role::stem));
}

/// A depthwise layer, then a 1x1 layer to c channels.
void mobileone_block(Trunk& trunk, const Step& step, int stride) {
  const ConvNormAct spatial{.kernel = step.integer("k", 3), .stride = stride, .groups = 0};
  const Role role = stride > 1 ? Role::downsample : Role::embedding;
  const int v = layer(trunk, trunk.at(), spatial, branches_of(step), activation_of(step), role);
  trunk.end_block(layer(trunk, v, {.out = step.integer("c")}, branches_of(step), activation_of(step), Role::mix));
}

}  // namespace gensynth::zoo
