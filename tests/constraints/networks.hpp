#pragma once

#include <functional>
#include <string>
#include <vector>

#include "architecture/architecture.hpp"

namespace gensynth::testing {

/// Draws networks block by block.
class Sketch {
 public:
  explicit Sketch(int px = 224, std::string name = "sketch")
      : builder_(std::move(name), Shape{Layout::map, 3, px, px}) {}

  int add(Operator op, const std::vector<int>& inputs) { return builder_.add(std::move(op), inputs, placement); }
  int add(Operator op, int input) { return add(std::move(op), std::vector<int>{input}); }
  const Shape& shape(int v) const { return builder_.shape(v); }

  /// Convolution, batch norm, ReLU.
  int conv(int v, int channels, Pair kernel, int stride = 1, int groups = 1) {
    const Convolution op{.out_channels = channels,
                         .kernel = kernel,
                         .stride = {stride, stride},
                         .padding = {kernel.h / 2, kernel.w / 2},
                         .groups = groups};
    return add(Activation{}, add(BatchNorm{}, add(op, v)));
  }
  int conv(int v, int channels, int kernel, int stride = 1, int groups = 1) {
    return conv(v, channels, Pair{kernel, kernel}, stride, groups);
  }
  int depthwise(int v, int kernel, int stride = 1) {
    return conv(v, shape(v).channels, kernel, stride, shape(v).channels);
  }
  int pointwise(int v, int channels) { return conv(v, channels, 1); }
  int max_pool(int v, int kernel, int stride) {
    return add(Pool{PoolKind::max, {kernel, kernel}, {stride, stride}, {kernel / 2, kernel / 2}}, v);
  }
  int blur(int v, int taps = 3) { return add(BlurPool{taps, 2}, v); }

  int squeeze_excite(int v) {
    int s = add(GlobalPool{}, v);
    s = add(Activation{}, add(Convolution{.out_channels = 8, .bias = true}, s));
    s = add(Activation{ActivationKind::hard_sigmoid},
            add(Convolution{.out_channels = shape(v).channels, .bias = true}, s));
    return add(Multiply{}, {v, s});
  }

  /// A double-condensing attention condenser with a residual.
  int dc_ac(int v, bool residual = true) {
    const auto branch = [&](bool sigmoid) {
      int b = max_pool(v, 3, 2);
      b = conv(b, 16, 3, 1, 8);
      b = add(Convolution{.out_channels = shape(v).channels}, b);
      b = add(Resize{}, {b, v});
      return sigmoid ? add(Activation{ActivationKind::sigmoid}, b) : b;
    };
    const int attention = branch(true);
    const int values = branch(false);
    const int gated = add(Multiply{}, {attention, values});
    return residual ? add(Add{}, {gated, v}) : gated;
  }

  /// The same, both branches reading one pooled map.
  int dc_ac_shared(int v) {
    const int pooled = max_pool(v, 3, 2);
    const auto branch = [&](bool sigmoid) {
      const int b = add(Resize{}, {pointwise(conv(pooled, 16, 3, 1, 8), shape(v).channels), v});
      return sigmoid ? add(Activation{ActivationKind::sigmoid}, b) : b;
    };
    const int attention = branch(true);
    return add(Multiply{}, {attention, branch(false)});
  }

  int separable(int v, int kernel) { return pointwise(depthwise(v, kernel), shape(v).channels); }

  Architecture finish(int v) { return builder_.build(add(Linear{1000}, add(GlobalPool{}, v))); }
  Architecture finish_map(int v) { return builder_.build(v); }

  Placement placement;  ///< of the vertices that follow

 private:
  ArchitectureBuilder builder_;
};

using Column = std::function<int(Sketch&, int)>;

/// `times` blocks one after another.
inline Column repeated(const Column& block, int times) {
  return [=](Sketch& net, int v) {
    for (int i = 0; i < times; ++i) v = block(net, v);
    return v;
  };
}
inline Column dc_ac_column(int times) {
  return repeated([](Sketch& net, int v) { return net.dc_ac(v); }, times);
}
inline Column separable_column(int kernel, int times) {
  return repeated([=](Sketch& net, int v) { return net.separable(v, kernel); }, times);
}
inline Column conv_column(int times) {
  return repeated([](Sketch& net, int v) { return net.conv(v, net.shape(v).channels, 3); }, times);
}

inline std::vector<int> run(Sketch& net, const std::vector<int>& from, const std::vector<Column>& columns) {
  std::vector<int> result;
  for (std::size_t c = 0; c < columns.size(); ++c) result.push_back(columns[c](net, from[c]));
  return result;
}

/// ResNet-50; `v15` has the stride on the 3x3 convolution instead of the 1x1 before it.
inline Architecture resnet50(bool v15) {
  Sketch net;
  int v = net.max_pool(net.conv(0, 64, 7, 2), 3, 2);
  const int blocks[] = {3, 4, 6, 3};
  for (int stage = 0; stage < 4; ++stage) {
    const int width = 64 << stage;
    for (int block = 0; block < blocks[stage]; ++block) {
      net.placement = {stage, block, 0, Role::none};  // false tags that claim columns, which no rule may use
      const int stride = stage > 0 && block == 0 ? 2 : 1;
      const auto project = Convolution{.out_channels = 4 * width, .stride = {stride, stride}};
      const int shortcut = block == 0 ? net.add(BatchNorm{}, net.add(project, v)) : v;
      int b = net.conv(v, width, 1, v15 ? 1 : stride);
      b = net.conv(b, width, 3, v15 ? stride : 1);
      b = net.add(BatchNorm{}, net.add(Convolution{.out_channels = 4 * width}, b));
      v = net.add(Activation{}, net.add(Add{}, {b, shortcut}));
    }
  }
  return net.finish(v);
}

/// GoogLeNet (arXiv:1409.4842, table 1, without normalisation's auxiliary heads); `bn` has two 3x3 in place of the
/// 5x5 (arXiv:1502.03167).
inline Architecture googlenet(bool bn = false) {
  Sketch net;
  const auto module = [&](int v, int c1, int r3, int c3, int r5, int c5, int p) {
    const int a = net.pointwise(v, c1);
    const int b = net.conv(net.pointwise(v, r3), c3, 3);
    int c = net.pointwise(v, r5);
    c = bn ? net.conv(net.conv(c, c5, 3), c5, 3) : net.conv(c, c5, 5);
    const int d = net.pointwise(net.max_pool(v, 3, 1), p);
    return net.add(Concat{}, {a, b, c, d});
  };
  int v = net.max_pool(net.conv(0, 64, 7, 2), 3, 2);
  v = net.max_pool(net.conv(net.pointwise(v, 64), 192, 3), 3, 2);
  v = module(v, 64, 96, 128, 16, 32, 32);
  v = net.max_pool(module(v, 128, 128, 192, 32, 96, 64), 3, 2);
  v = module(v, 192, 96, 208, 16, 48, 64);
  v = module(v, 160, 112, 224, 24, 64, 64);
  v = module(v, 128, 128, 256, 24, 64, 64);
  v = module(v, 112, 144, 288, 32, 64, 64);
  v = net.max_pool(module(v, 256, 160, 320, 32, 128, 128), 3, 2);
  v = module(v, 256, 160, 320, 32, 128, 128);
  return net.finish(module(v, 384, 192, 384, 48, 128, 128));
}

/// ShuffleNetV2 0.5x (arXiv:1807.11164).
inline Architecture shufflenet_v2() {
  Sketch net;
  int v = net.max_pool(net.conv(0, 24, 3, 2), 3, 2);
  const int blocks[] = {4, 8, 4};
  for (int stage = 0; stage < 3; ++stage) {
    const int half = 24 << stage;
    for (int block = 0; block < blocks[stage]; ++block) {
      int left = v;
      int right = v;
      if (block == 0) {
        left = net.pointwise(net.depthwise(v, 3, 2), half);
      } else {
        left = net.add(Split{0, half}, v);
        right = net.add(Split{half, 2 * half}, v);
      }
      right = net.pointwise(net.depthwise(net.pointwise(right, half), 3, block == 0 ? 2 : 1), half);
      v = net.add(ChannelShuffle{2}, net.add(Concat{}, {left, right}));
    }
  }
  return net.finish(v);
}

/// Inverted residuals with squeeze and excitation, in the manner of MobileNetV3.
inline Architecture mobilenet_v3_like() {
  Sketch net;
  int v = net.conv(0, 16, 3, 2);
  for (int stage = 0; stage < 4; ++stage) {
    for (int block = 0; block < 3; ++block) {
      const int in = net.shape(v).channels;
      const int out = 24 << stage;
      int b = net.depthwise(net.pointwise(v, 4 * in), 5, block == 0 ? 2 : 1);
      b = net.squeeze_excite(b);
      b = net.add(BatchNorm{}, net.add(Convolution{.out_channels = out}, b));
      v = block == 0 ? b : net.add(Add{}, {v, b});
    }
  }
  return net.finish(v);
}

/// One trunk of DC-AC blocks with anti-aliased downsampling.
inline Architecture dc_ac_trunk() {
  Sketch net;
  int v = net.blur(net.conv(0, 24, 3));
  for (int stage = 0; stage < 4; ++stage) {
    v = net.blur(net.pointwise(v, 32 << stage));
    v = dc_ac_column(3)(net, v);
  }
  return net.finish(v);
}

/// A network in the paper's manner: heterogeneous columns, independent at first and joined more and more, anti-aliased
/// downsampling throughout. With `truthful` the tags name the columns, otherwise all tags are the same.
inline Architecture heterogeneous_columns(bool truthful = true) {
  Sketch net;
  const auto tagged = [&](int stage, const std::vector<int>& from, const std::vector<Column>& columns) {
    std::vector<int> result;
    for (int c = 0; c < static_cast<int>(columns.size()); ++c) {
      net.placement = truthful ? Placement{stage, c, 0, Role::none} : Placement{0, 0, 0, Role::stem};
      result.push_back(columns[static_cast<std::size_t>(c)](net, from[static_cast<std::size_t>(c)]));
    }
    return result;
  };
  const int stem = net.blur(net.blur(net.conv(0, 24, 3)));
  // 56 px: four columns, one of each kind, until the stage ends.
  std::vector<int> v = tagged(0, {stem, stem, stem, stem},
                              {dc_ac_column(2), separable_column(3, 3), conv_column(2), separable_column(5, 2)});
  for (int& column : v) column = net.blur(net.pointwise(column, 32));
  // 28 px: column to column, a sum over all after two blocks, one more block each.
  v = tagged(1, v, {dc_ac_column(3), separable_column(3, 3), conv_column(2), separable_column(5, 3)});
  const int sum = net.add(Add{}, v);
  for (int& column : v) column = net.add(Add{}, {column, sum});
  v = tagged(1, v, {dc_ac_column(1), separable_column(3, 1), conv_column(1), separable_column(5, 1)});
  // 14 px: joined and split into two columns, which exchange after two blocks out of five.
  for (int& column : v) column = net.blur(column);
  const int mixed = net.pointwise(net.add(Concat{}, v), 96);
  std::vector<int> two = {net.add(Split{0, 48}, mixed), net.add(Split{48, 96}, mixed)};
  two = tagged(2, two, {dc_ac_column(2), dc_ac_column(2)});
  two = {net.add(Add{}, {two[0], net.pointwise(two[1], 48)}), net.add(Add{}, {two[1], net.pointwise(two[0], 48)})};
  two = tagged(2, two, {dc_ac_column(3), separable_column(3, 3)});
  // 7 px: one trunk.
  const int last = net.blur(net.pointwise(net.add(Concat{}, two), 128));
  return net.finish(dc_ac_column(1)(net, last));
}

}  // namespace gensynth::testing
