#pragma once

#include <vector>

#include "generator/columnar/layers.hpp"
#include "generator/columnar/plan.hpp"

namespace gensynth::columnar {

/// Lets the columns of a stage exchange what they know; each keeps its width. Entries of `columns` (vertices) are
/// replaced; fewer than two columns, or kind none, change nothing. The neighbour of the last column is the first.
/// `numbers` are those of the columns in their stage, for the placement of vertices.
void interact(Layers& layers, Interaction kind, Reach reach, const std::vector<int>& numbers,
              std::vector<int>& columns);

/// From the columns of one stage to those of the next, `widths` wide: column i to column i by a linear 1x1 where
/// their number is unchanged, else concat, 1x1, split.
std::vector<int> connect(Layers& layers, const std::vector<int>& columns, const std::vector<int>& widths);

/// Whether a downsampling has weights.
constexpr bool learns(Downsampling kind) {
  return kind == Downsampling::strided_convolution || kind == Downsampling::strided_pointwise;
}

/// Halves height and width (rounded up), or leaves a map of up to 2x2 as it is. `out_channels` > 0 lets a strided
/// convolution bring the channels to that number as well; other kinds keep them.
int downsample(Layers& layers, Downsampling kind, int v, int out_channels);

}  // namespace gensynth::columnar
