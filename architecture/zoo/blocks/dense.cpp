#include "architecture/zoo/blocks/blocks.hpp"

// DenseNet-BC (arXiv:1608.06993): norm and activation precede each convolution.
namespace gensynth::zoo {
namespace {

int norm_act(Trunk& trunk, int from, const Step& step) {
  return trunk.activate(trunk.add(BatchNorm{}, from), step.activation());
}

}  // namespace

/// Appends c channels (the growth rate), made by 1x1 to 4 c and 3x3.
void dense_layer(Trunk& trunk, const Step& step, int) {
  const int growth = step.integer("c");
  int v = norm_act(trunk, trunk.at(), step);
  v = trunk.convolve(v, {.out = 4 * growth, .norm = false}, Role::mix);
  v = norm_act(trunk, v, step);
  v = trunk.convolve(v, {.out = growth, .kernel = 3, .norm = false}, Role::embedding);
  trunk.end_block(trunk.add(Concat{}, {trunk.at(), v}, Role::join));
}

/// 1x1 to c channels, average pooling by the stride.
void dense_transition(Trunk& trunk, const Step& step, int stride) {
  const int v =
      trunk.convolve(norm_act(trunk, trunk.at(), step), {.out = step.integer("c"), .norm = false}, Role::transition);
  const Pool pool{.kind = PoolKind::average, .kernel = {stride, stride}, .stride = {stride, stride}};
  trunk.end_block(trunk.add(pool, v, Role::downsample));
}

}  // namespace gensynth::zoo
