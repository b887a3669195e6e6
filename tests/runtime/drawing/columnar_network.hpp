#pragma once

#include <string>
#include <vector>

#include "architecture/architecture.hpp"

namespace gensynth::drawing {

/// A small network in the paper's manner, built by hand: two columns (a double-condensing attention condenser and a
/// depthwise block), a mix of both, blur pooling, a second stage with one link between its columns.
inline Architecture columnar_network() {
  ArchitectureBuilder b("hand-built", {Layout::map, 3, 64, 64});
  const auto conv = [&](int from, int out, int kernel, int groups, const Placement& at) {
    const int v = b.add(
        Convolution{
            .out_channels = out, .kernel = {kernel, kernel}, .padding = {kernel / 2, kernel / 2}, .groups = groups},
        from, at);
    return b.add(BatchNorm{}, v, at);
  };
  const auto place = [](int stage, int column, int block, Role role) { return Placement{stage, column, block, role}; };
  const auto condense = [&](int v, int stage, int column, int block) {
    const int channels = b.shape(v).channels;
    const auto branch = [&](bool gate) {
      int x = b.add(Pool{}, v, place(stage, column, block, Role::condenser));
      x = conv(x, channels / 2, 1, 1, place(stage, column, block, Role::condenser));
      x = conv(x, channels / 2, 3, channels / 2, place(stage, column, block, Role::embedding));
      x = conv(x, channels, 1, 1, place(stage, column, block, Role::expansion));
      if (gate) x = b.add(Activation{ActivationKind::sigmoid}, x, place(stage, column, block, Role::gate));
      return b.add(Resize{}, {x, v}, place(stage, column, block, Role::expansion));
    };
    const int a = branch(true);
    const int gated = b.add(Multiply{}, {a, branch(false)}, place(stage, column, block, Role::gate));
    return b.add(Add{}, {gated, v}, place(stage, column, block, Role::residual));
  };
  const auto depthwise = [&](int v, int stage, int column, int block) {
    const int channels = b.shape(v).channels;
    const int x = conv(v, channels, 3, channels, place(stage, column, block, Role::none));
    return conv(x, channels, 1, 1, place(stage, column, block, Role::none));
  };
  const int stem = b.add(Activation{}, conv(0, 16, 3, 1, place(-1, -1, -1, Role::stem)), place(-1, -1, -1, Role::stem));
  int left = conv(stem, 8, 1, 1, place(0, 0, -1, Role::transition));
  int right = conv(stem, 12, 1, 1, place(0, 1, -1, Role::transition));
  left = condense(left, 0, 0, 0);
  right = depthwise(depthwise(right, 0, 1, 0), 0, 1, 1);
  const int joined = b.add(Concat{}, {left, right}, place(0, -1, -1, Role::mix));
  const int mixed = conv(joined, 20, 1, 1, place(0, -1, -1, Role::mix));
  left = b.add(Split{0, 8}, mixed, place(0, 0, -1, Role::transition));
  right = b.add(Split{8, 20}, mixed, place(0, 1, -1, Role::transition));
  left = b.add(BlurPool{3, 2}, left, place(1, 0, -1, Role::downsample));
  right = b.add(BlurPool{5, 2}, right, place(1, 1, -1, Role::downsample));
  left = condense(left, 1, 0, 0);
  right = condense(right, 1, 1, 0);
  const int crossed = conv(left, 12, 1, 1, place(1, 1, -1, Role::mix));
  right = b.add(Add{}, {right, crossed}, place(1, 1, -1, Role::mix));
  left = condense(left, 1, 0, 1);
  const int end = b.add(Concat{}, {left, right}, place(-1, -1, -1, Role::join));
  const int pooled = b.add(GlobalPool{}, end, place(-1, -1, -1, Role::head));
  return b.build(b.add(Linear{10}, pooled, place(-1, -1, -1, Role::head)));
}

}  // namespace gensynth::drawing
