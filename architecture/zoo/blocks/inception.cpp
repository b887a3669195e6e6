#include "architecture/zoo/blocks/blocks.hpp"

namespace gensynth::zoo {

/// GoogLeNet (arXiv:1409.4842): 1x1; 1x1, 3x3; 1x1, 5x5; max pooling, 1x1, side by side. b: the six widths in that
/// order. Biased, no norm.
void inception(Trunk& trunk, const Step& step, int) {
  const std::vector<int> widths = step.integers("b", 1);
  if (widths.size() != 6) step.fail("attribute 'b' has " + std::to_string(widths.size()) + " widths, expected 6");
  const auto convolve = [&](int from, std::size_t i, int kernel, Role role) {
    const ConvNormAct layer{.out = widths[i], .kernel = kernel, .bias = true, .norm = false, .act = step.activation()};
    return trunk.convolve(from, layer, role);
  };
  const int from = trunk.at();
  const int point = convolve(from, 0, 1, Role::mix);
  const int small = convolve(convolve(from, 1, 1, Role::condenser), 2, 3, Role::embedding);
  const int large = convolve(convolve(from, 3, 1, Role::condenser), 4, 5, Role::embedding);
  const Pool pool{.kind = PoolKind::max, .kernel = {3, 3}, .stride = {1, 1}, .padding = {1, 1}};
  const int pooled = convolve(trunk.add(pool, from, Role::embedding), 5, 1, Role::mix);
  trunk.end_block(trunk.add(Concat{}, {point, small, large, pooled}, Role::join));
}

}  // namespace gensynth::zoo
