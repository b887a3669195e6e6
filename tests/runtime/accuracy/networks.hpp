#pragma once

#include "architecture/architecture.hpp"

namespace gensynth::accuracy {

/// A chain of layers to which a test adds the layers that it examines.
class Chain {
 public:
  explicit Chain(int px) : builder("chain", Shape{Layout::map, 3, px, px}) {}

  void convolve(Convolution op, bool activated = true) {
    end = builder.add(BatchNorm{}, builder.add(op, end));
    if (activated) end = builder.add(Activation{}, end);
  }
  void depthwise(int kernel, int stride = 1) {
    const int channels = builder.shape(end).channels;
    convolve({.out_channels = channels,
              .kernel = {kernel, kernel},
              .stride = {stride, stride},
              .padding = {kernel / 2, kernel / 2},
              .groups = channels});
  }
  Architecture classified(int classes = 1000) {
    return builder.build(builder.add(Linear{.out_features = classes}, builder.add(GlobalPool{}, end)));
  }

  ArchitectureBuilder builder;
  int end = 0;
};

/// A depthwise-separable network in MobileNet's manner, as a chain without a head.
inline Chain separable_chain(int width, int depth, int px) {
  Chain chain(px);
  chain.convolve({.out_channels = width, .kernel = {3, 3}, .stride = {2, 2}, .padding = {1, 1}});
  for (int stage = 0; stage < 4; ++stage) {
    for (int i = 0; i < depth; ++i) {
      chain.depthwise(3, i == 0 ? 2 : 1);
      chain.convolve({.out_channels = width << (stage + 1)});
    }
  }
  return chain;
}

inline Architecture separable(int width, int depth, int px) { return separable_chain(width, depth, px).classified(); }

}  // namespace gensynth::accuracy
