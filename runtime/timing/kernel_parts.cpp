#include "runtime/timing/kernel_parts.hpp"

namespace gensynth::timing {
namespace {

constexpr int kRepeats = 6;

int convolve(ArchitectureBuilder& b, int v, int out, int kernel, int groups, int stride = 1) {
  return b.add(Convolution{.out_channels = out,
                           .kernel = {kernel, kernel},
                           .stride = {stride, stride},
                           .padding = {kernel / 2, kernel / 2},
                           .groups = groups,
                           .bias = true},
               v);
}

int relu(ArchitectureBuilder& b, int v) { return b.add(Activation{ActivationKind::relu}, v); }

int max3(ArchitectureBuilder& b, int v) { return b.add(Pool{PoolKind::max, {3, 3}, {1, 1}, {1, 1}}, v); }

/// A chain of convolutions with ReLU; `groups` 0: depthwise.
template <int kernel, int groups>
int convolutions(ArchitectureBuilder& b, int v) {
  const int channels = b.shape(v).channels;
  for (int i = 0; i < kRepeats; ++i) v = relu(b, convolve(b, v, channels, kernel, groups == 0 ? channels : groups));
  return v;
}

int nothing_more(ArchitectureBuilder&, int v) { return v; }

/// Expansion to four times the channels and back.
int expansions(ArchitectureBuilder& b, int v) {
  const int channels = b.shape(v).channels;
  for (int i = 0; i < 3; ++i) {
    v = relu(b, convolve(b, v, 4 * channels, 1, 1));
    v = convolve(b, v, channels, 1, 1);
  }
  return v;
}

/// Strided convolutions down to the smallest map that they can halve.
template <int kernel, int groups>
int strided(ArchitectureBuilder& b, int v) {
  const int channels = b.shape(v).channels;
  do {
    v = relu(b, convolve(b, v, channels, kernel, groups == 0 ? channels : groups, 2));
  } while (b.shape(v).height >= 4);
  return v;
}

/// Blur pooling down to the smallest map that can reflect.
template <int taps>
int blurs(ArchitectureBuilder& b, int v) {
  do {
    v = b.add(BlurPool{.taps = taps, .stride = 2}, v);
  } while (b.shape(v).height >= 4);
  return v;
}

template <PoolKind kind>
int halvings(ArchitectureBuilder& b, int v) {
  do {
    v = b.add(Pool{kind, {2, 2}, {2, 2}, {0, 0}}, v);
  } while (b.shape(v).height >= 4);
  return v;
}

int max_pools(ArchitectureBuilder& b, int v) {
  for (int i = 0; i < kRepeats; ++i) v = max3(b, v);
  return v;
}

/// Repeated resizing to the input's extent from a map with `factor` times fewer places on each side.
template <ResizeMode mode, int factor>
int resizes(ArchitectureBuilder& b, int v) {
  const int size_of = v;
  for (int i = 0; i < 4; ++i) {
    const int small = b.add(Pool{PoolKind::max, {factor, factor}, {factor, factor}, {0, 0}}, v);
    v = b.add(Resize{.mode = mode, .scale = 0}, {small, size_of});
  }
  return v;
}

template <ActivationKind kind>
int activations(ArchitectureBuilder& b, int v) {
  for (int i = 0; i < kRepeats; ++i) v = b.add(Activation{kind}, v);
  return v;
}

/// A value times the gate of another, as in attention condensers.
template <ActivationKind kind>
int gates(ArchitectureBuilder& b, int v) {
  int before = v;
  int at = max3(b, v);
  for (int i = 0; i < kRepeats; ++i) {
    const int next = b.add(Multiply{}, {at, b.add(Activation{kind}, before)});
    before = at;
    at = next;
  }
  return at;
}

template <class Op>
int pairs(ArchitectureBuilder& b, int v) {
  int before = v;
  int at = max3(b, v);
  for (int i = 0; i < kRepeats; ++i) {
    const int next = b.add(Op{}, {at, before});
    before = at;
    at = next;
  }
  return at;
}

/// Two maps are joined, and half of the channels of each are cut out again.
int concats(ArchitectureBuilder& b, int v) {
  const int channels = b.shape(v).channels;
  int before = v;
  int at = max3(b, v);
  for (int i = 0; i < kRepeats; ++i) {
    const int joined = b.add(Concat{}, {at, before});
    before = at;
    at = b.add(Split{channels / 2, channels / 2 + channels}, joined);
  }
  return at;
}

int shuffles(ArchitectureBuilder& b, int v) {
  for (int i = 0; i < kRepeats; ++i) v = b.add(ChannelShuffle{4}, v);
  return v;
}

/// Parallel columns of depthwise and pointwise convolutions; with `exchange`, each also reads its neighbour.
template <int columns, bool exchange>
int separable_columns(ArchitectureBuilder& b, int v) {
  const int channels = b.shape(v).channels;
  std::vector<int> at(columns, v);
  for (int i = 0; i < 3; ++i) {
    std::vector<int> next;
    for (int column = 0; column < columns; ++column) {
      const int spatial = relu(b, convolve(b, at[static_cast<std::size_t>(column)], channels, 3, channels));
      next.push_back(relu(b, convolve(b, spatial, channels, 1, 1)));
    }
    at = next;
    for (int column = 0; exchange && column < columns; ++column) {
      const auto neighbour = static_cast<std::size_t>((column + 1) % columns);
      at[static_cast<std::size_t>(column)] = b.add(Add{}, {next[static_cast<std::size_t>(column)], next[neighbour]});
    }
  }
  return relu(b, convolve(b, b.add(Concat{}, at), channels, 1, 1));
}

/// A branch of an attention condenser: condense, embed, restore, resize.
int condensed(ArchitectureBuilder& b, int v, int condensed_map) {
  const int channels = b.shape(v).channels;
  int at = relu(b, convolve(b, condensed_map, channels / 2, 1, 1));
  at = relu(b, convolve(b, at, channels / 2, 3, 4));
  at = convolve(b, at, channels, 1, 1);
  return b.add(Resize{.mode = ResizeMode::nearest, .scale = 0}, {at, v});
}

int condensers(ArchitectureBuilder& b, int v) {
  for (int i = 0; i < 2; ++i) {
    const int pooled = b.add(Pool{PoolKind::max, {2, 2}, {2, 2}, {0, 0}}, v);
    const int gate = b.add(Activation{ActivationKind::sigmoid}, condensed(b, v, pooled));
    v = b.add(Add{}, {b.add(Multiply{}, {gate, condensed(b, v, pooled)}), v});
  }
  return v;
}

int linears(ArchitectureBuilder& b, int v) {
  const int width = b.shape(v).channels;
  v = b.add(GlobalPool{}, v);
  for (int i = 0; i < kRepeats; ++i) v = relu(b, b.add(Linear{.out_features = width}, v));
  return v;
}

}  // namespace

const std::vector<KernelPart>& kernel_parts() {
  using enum KernelSizes;
  static const std::vector<KernelPart> parts{
      {"dense3x3", maps, 1, convolutions<3, 1>},
      {"stem3x3s2", images, 2, nothing_more},
      {"pointwise", maps, 1, convolutions<1, 1>},
      {"expand", columns, 1, expansions},
      {"depthwise3x3", maps, 1, convolutions<3, 0>},
      {"depthwise5x5", maps, 1, convolutions<5, 0>},
      {"depthwise3x3s2", maps, 2, strided<3, 0>},
      {"grouped2", columns, 1, convolutions<3, 2>},
      {"grouped4", columns, 1, convolutions<3, 4>},
      {"grouped8", columns, 1, convolutions<3, 8>},
      {"grouped4s2", columns, 2, strided<3, 4>},
      {"blur2", columns, 2, blurs<2>},
      {"blur3", maps, 2, blurs<3>},
      {"blur5", columns, 4, blurs<5>},
      {"max2", maps, 2, halvings<PoolKind::max>},
      {"max3", maps, 1, max_pools},
      {"average2", columns, 2, halvings<PoolKind::average>},
      {"nearest2", maps, 2, resizes<ResizeMode::nearest, 2>},
      {"nearest4", columns, 4, resizes<ResizeMode::nearest, 4>},
      {"bilinear2", maps, 2, resizes<ResizeMode::bilinear, 2>},
      {"sigmoid", columns, 1, activations<ActivationKind::sigmoid>},
      {"hard_sigmoid", columns, 1, activations<ActivationKind::hard_sigmoid>},
      {"hard_swish", columns, 1, activations<ActivationKind::hard_swish>},
      {"gate_sigmoid", maps, 1, gates<ActivationKind::sigmoid>},
      {"gate_hard_sigmoid", maps, 1, gates<ActivationKind::hard_sigmoid>},
      {"add", maps, 1, pairs<Add>},
      {"multiply", columns, 1, pairs<Multiply>},
      {"concat", maps, 1, concats},
      {"shuffle", maps, 1, shuffles},
      {"columns2", columns, 1, separable_columns<2, false>},
      {"columns4", columns, 1, separable_columns<4, false>},
      {"columns4_sum", columns, 1, separable_columns<4, true>},
      {"condenser", columns, 2, condensers},
      {"linear", vectors, 1, linears},
  };
  return parts;
}

}  // namespace gensynth::timing
