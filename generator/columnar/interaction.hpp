#pragma once

#include <vector>

#include "generator/columnar/layers.hpp"
#include "generator/columnar/plan.hpp"

namespace gensynth::columnar {

/// Exchanges features between the columns of a stage; each column keeps its width. Entries of `columns` (vertices) are
/// replaced; fewer than two columns, or kind none, change nothing. The neighbour of the last column is the first.
/// `numbers` are the positions of the columns in their stage, for the placement of vertices.
void interact(Layers& layers, Interaction kind, Reach reach, const std::vector<int>& numbers,
              std::vector<int>& columns);

/// Connects the columns of one stage to those of the next, which have `widths` channels: where the number of columns is
/// unchanged, column i to column i by a linear 1x1, else by concat, 1x1, split.
std::vector<int> connect(Layers& layers, const std::vector<int>& columns, const std::vector<int>& widths);

/// Whether a downsampling has weights.
constexpr bool learns(Downsampling kind) {
  return kind == Downsampling::strided_convolution || kind == Downsampling::strided_pointwise;
}

/// Halves height and width (rounded up); a map of up to 2x2 is left unchanged. With `out_channels` > 0, a strided
/// convolution also changes the number of channels to it; other kinds keep the channels.
int downsample(Layers& layers, Downsampling kind, int v, int out_channels);

}  // namespace gensynth::columnar
