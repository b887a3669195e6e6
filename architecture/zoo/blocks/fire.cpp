#include "architecture/zoo/blocks/blocks.hpp"

namespace gensynth::zoo {

/// SqueezeNet (arXiv:1602.07360): 1x1 to q channels, then 1x1 and 3x3 side by side, half of c each. Biased, no norm.
void fire(Trunk& trunk, const Step& step, int) {
  ConvNormAct layer{.out = step.integer("q"), .bias = true, .norm = false, .act = step.activation()};
  const int squeezed = trunk.convolve(trunk.at(), layer, Role::condenser);
  layer.out = step.integer("c") / 2;
  const int point = trunk.convolve(squeezed, layer, Role::expansion);
  layer.kernel = 3;
  const int spatial = trunk.convolve(squeezed, layer, Role::expansion);
  trunk.end_block(trunk.add(Concat{}, {point, spatial}, Role::join));
}

}  // namespace gensynth::zoo
