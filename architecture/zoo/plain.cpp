#include "architecture/zoo/blocks.hpp"

namespace gensynth::zoo {

/// Flags: bias, nobn, valid (no padding).
void conv(Trunk& trunk, const Step& step, int stride) {
  trunk.end_block(trunk.convolve(trunk.at(),
                                 {.out = step.integer("c"),
                                  .kernel = step.integer("k", 1),
                                  .stride = stride,
                                  .bias = step.flag("bias"),
                                  .norm = !step.flag("nobn"),
                                  .padded = !step.flag("valid"),
                                  .act = step.activation()},
                                 Role::mix));
}

/// Flags: valid, ceil.
void max_pool(Trunk& trunk, const Step& step, int stride) {
  const int kernel = step.integer("k");
  const int padding = step.flag("valid") ? 0 : kernel / 2;
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
  trunk.end_block(trunk.add(Linear{.out_features = step.integer("c")}, trunk.at()));
}

}  // namespace gensynth::zoo
