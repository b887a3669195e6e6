#pragma once

#include "architecture/architecture.hpp"

namespace gensynth::columnar {

/// The largest count of groups up to `wanted` that divides both numbers of channels; 0 means depthwise.
int fitting_groups(int wanted, int in_channels, int out_channels);

/// The padding of windows of stride + 1 places, so that there are ceil(extent / stride) of them and none of the map
/// stays unread but one place at its border for stride 4.
int condensing_padding(int extent, int stride);

/// The layers that blocks and stages are made of. Vertices are tagged with the current place.
class Layers {
 public:
  Layers(ArchitectureBuilder& builder, ActivationKind activation) : builder_(builder), activation_(activation) {}

  Placement place;

  const Shape& shape(int v) const { return builder_.shape(v); }
  int channels(int v) const { return builder_.shape(v).channels; }
  int extent(int v) const;  ///< the smaller of height and width
  int add(Operator op, int input, Role role);
  int add(Operator op, const std::vector<int>& inputs, Role role);

  /// Convolution and batch normalisation.
  int convolve_padded(int v, int out_channels, int kernel, int stride, int padding, int groups, Role role);
  /// The same with a padding of kernel / 2: output extent ceil(extent / stride). An even kernel has no middle place, so
  /// that the map becomes one place longer on each axis; an activation and a depthwise convolution with the same kernel
  /// and a padding one smaller then restore the extent. Strides above 1 expect odd kernels.
  int convolve(int v, int out_channels, int kernel, int stride, int groups, Role role);
  int pointwise(int v, int out_channels, Role role) { return convolve(v, out_channels, 1, 1, 1, role); }
  int depthwise(int v, int kernel, Role role) { return convolve(v, channels(v), kernel, 1, channels(v), role); }
  int activate(int v, Role role) { return add(Activation{activation_}, v, role); }
  /// Changes the number of channels by a linear 1x1; returns v itself when it has that number.
  int project(int v, int out_channels, Role role);
  /// Fixed low-pass filter and subsampling, with fewer taps where the map is too small for reflection.
  int blur(int v, int taps, int stride, Role role);
  /// Max or average over a window one larger than the stride: output extent ceil(extent / stride).
  int pool(int v, PoolKind kind, int stride, Role role);
  int sum(const std::vector<int>& vertices, Role role) { return add(Add{}, vertices, role); }
  int join(const std::vector<int>& vertices, Role role) { return add(Concat{}, vertices, role); }
  /// Joins distinct vertices: columns that share a vertex after a sum are joined once. A single vertex is returned as
  /// is.
  int join_distinct(const std::vector<int>& vertices, Role role);
  int slice(int v, int begin, int end, Role role) { return add(Split{begin, end}, v, role); }

 private:
  ArchitectureBuilder& builder_;
  ActivationKind activation_;
};

}  // namespace gensynth::columnar
