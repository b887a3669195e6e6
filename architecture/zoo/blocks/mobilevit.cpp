#include "architecture/zoo/blocks/blocks.hpp"

namespace gensynth::zoo {
namespace {

/// Pre-norm transformer layer on tokens: attention, then a two-layer perceptron.
int transformer_layer(Trunk& trunk, int from, int heads, int hidden, ActivationKind act) {
  const int width = trunk.channels(from);
  int v = trunk.add(LayerNorm{}, from, Role::mix);
  v = trunk.add(MultiHeadAttention{.heads = heads}, v, Role::mix);
  const int attended = trunk.add_residual(from, v);
  v = trunk.add(LayerNorm{}, attended, Role::expansion);
  v = trunk.activate(trunk.add(Linear{.out_features = hidden}, v, Role::expansion), act, Role::expansion);
  v = trunk.add(Linear{.out_features = width}, v, Role::mix);
  return trunk.add_residual(attended, v);
}

}  // namespace

/// MobileViT (arXiv:2110.02178): local 3x3, 1x1 to d, `depth` transformer layers (perceptron of `ffn`) over the places
/// of each pixel of 2x2 patches, 1x1 back, concatenation with the block's input, 3x3. c is the block's width.
void mobilevit_block(Trunk& trunk, const Step& step, int) {
  const int channels = step.integer("c");
  const int kernel = step.integer("k", 3);
  const int heads = step.integer("heads", 4);
  const int hidden = step.integer("ffn");
  const ActivationKind act = step.activation().value_or(ActivationKind::silu);
  const Pair patch{step.integer("patch", 2), step.integer("patch", 2)};
  const int local =
      trunk.convolve(trunk.at(), {.out = trunk.channels(), .kernel = kernel, .act = act}, Role::embedding);
  const int map = trunk.convolve(local, {.out = step.integer("d"), .norm = false}, Role::mix);
  int v = trunk.add(ToTokens{patch}, map, Role::mix);
  for (int i = step.integer("depth"); i > 0; --i) v = transformer_layer(trunk, v, heads, hidden, act);
  v = trunk.add(LayerNorm{}, v, Role::mix);
  v = trunk.add(FromTokens{patch}, {v, map}, Role::mix);
  v = trunk.convolve(v, {.out = channels, .act = act}, Role::mix);
  v = trunk.add(Concat{}, {trunk.at(), v}, Role::join);
  trunk.end_block(trunk.convolve(v, {.out = channels, .kernel = kernel, .act = act}, Role::mix));
}

}  // namespace gensynth::zoo
