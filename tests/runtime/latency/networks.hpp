#pragma once

#include <string>

#include "architecture/architecture.hpp"

namespace gensynth::latency {

/// A small network: stem, `depth` times (depthwise, pointwise) with batch norm and ReLU, pooling, classifier.
inline Architecture small_network(int width, int depth, int px = 64, bool norm = true,
                                  ActivationKind activation = ActivationKind::relu) {
  ArchitectureBuilder b("small", Shape{Layout::map, 3, px, px});
  int v = b.input();
  const auto convolve = [&](Convolution op) {
    v = b.add(op, v);
    if (norm) v = b.add(BatchNorm{}, v);
    v = b.add(Activation{activation}, v);
  };
  convolve({.out_channels = width, .kernel = {3, 3}, .stride = {2, 2}, .padding = {1, 1}});
  for (int i = 0; i < depth; ++i) {
    convolve({.out_channels = width, .kernel = {3, 3}, .padding = {1, 1}, .groups = width});
    convolve({.out_channels = width});
  }
  return b.build(b.add(Linear{.out_features = 1000}, b.add(GlobalPool{}, v)));
}

}  // namespace gensynth::latency
