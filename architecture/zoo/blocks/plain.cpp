#include "architecture/zoo/blocks/blocks.hpp"

namespace gensynth::zoo {

namespace {

/// `valid`: none; `pad1`: that much; else kernel / 2.
int padding_of(const Step& step, int kernel) {
  const int padding = step.integer("pad", kernel / 2);
  return step.flag("valid") ? 0 : padding;
}

}  // namespace

/// g groups. Flags: bias, nobn.
void conv(Trunk& trunk, const Step& step, int stride) {
  const int kernel = step.integer("k", 1);
  trunk.end_block(trunk.convolve(trunk.at(),
                                 {.out = step.integer("c"),
                                  .kernel = kernel,
                                  .stride = stride,
                                  .groups = step.integer("g", 1),
                                  .bias = step.flag("bias"),
                                  .norm = !step.flag("nobn"),
                                  .padding = padding_of(step, kernel),
                                  .act = step.activation()},
                                 Role::mix));
}

/// Flag: ceil, rounds the extent up.
void max_pool(Trunk& trunk, const Step& step, int stride) {
  const int kernel = step.integer("k");
  const int padding = padding_of(step, kernel);
  trunk.end_block(trunk.add(Pool{.kind = PoolKind::max,
                                 .kernel = {kernel, kernel},
                                 .stride = {stride, stride},
                                 .padding = {padding, padding},
                                 .ceil_mode = step.flag("ceil")},
                            trunk.at(), Role::downsample));
}

void global_pool(Trunk& trunk, const Step&, int) { trunk.end_block(trunk.add(GlobalPool{}, trunk.at())); }

/// The mean over all places as a vector: ends a network whose classifier is a convolution.
void average_places(Trunk& trunk, const Step&, int) {
  const int tokens = trunk.add(ToTokens{}, trunk.at());
  trunk.end_block(trunk.add(GlobalPool{}, tokens));
}

void batch_norm(Trunk& trunk, const Step& step, int) {
  trunk.end_block(trunk.activate(trunk.add(BatchNorm{}, trunk.at()), step.activation()));
}

void layer_norm(Trunk& trunk, const Step&, int) { trunk.end_block(trunk.add(LayerNorm{}, trunk.at())); }

void fully_connected(Trunk& trunk, const Step& step, int) {
  const int v = trunk.add(Linear{.out_features = step.integer("c")}, trunk.at());
  trunk.end_block(trunk.activate(v, step.activation()));
}

}  // namespace gensynth::zoo
