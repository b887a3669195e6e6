#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "architecture/architecture.hpp"
#include "architecture/base/random.hpp"

namespace gensynth {

/// Grows a random network move by move; every move fits by construction.
class RandomArchitecture {
 public:
  RandomArchitecture(Rng& rng, int px, int max_vertices)
      : rng_(rng), px_(px), max_vertices_(max_vertices), builder_("random", Shape{Layout::map, 3, px, px}) {}

  Architecture build() {
    const int channels = 4 * (1 + below(rng_, 4));
    map(Convolution{.out_channels = channels, .kernel = {3, 3}, .padding = {1, 1}}, builder_.input());
    while (builder_.size() + static_cast<int>(leaves().size()) + kMostPerMove + kHead < max_vertices_) move();
    return builder_.build(head(join()));
  }

 private:
  static constexpr int kMostPerMove = 7;
  static constexpr int kHead = 7;
  static constexpr int kMostChannels = 48;

  bool coin() { return below(rng_, 2) == 0; }
  template <class T>
  const T& pick(const std::vector<T>& items) {
    return items[static_cast<std::size_t>(below(rng_, static_cast<int>(items.size())))];
  }
  const Shape& shape(int v) const { return builder_.shape(v); }
  int smallest_extent(int v) const { return std::min(shape(v).height, shape(v).width); }

  int add(Operator op, const std::vector<int>& inputs) {
    const int v =
        builder_.add(std::move(op), inputs, Placement{below(rng_, 3) - 1, below(rng_, 3) - 1, -1, Role::none});
    used_.resize(static_cast<std::size_t>(v) + 1, false);
    for (const int u : inputs) used_[static_cast<std::size_t>(u)] = true;
    return v;
  }
  int add(Operator op, int input) { return add(std::move(op), std::vector<int>{input}); }
  /// Adds a vertex whose output later moves may read.
  int map(Operator op, const std::vector<int>& inputs) {
    maps_.push_back(add(std::move(op), inputs));
    return maps_.back();
  }
  int map(Operator op, int input) { return map(std::move(op), std::vector<int>{input}); }

  std::vector<int> leaves() const {
    std::vector<int> result;
    for (const int v : maps_) {
      if (!used_[static_cast<std::size_t>(v)]) result.push_back(v);
    }
    return result;
  }

  int any_map() { return coin() ? maps_.back() : pick(maps_); }

  int divisor_of(int a, int b) {
    std::vector<int> divisors;
    for (int d = 1; d <= a; ++d) {
      if (a % d == 0 && b % d == 0) divisors.push_back(d);
    }
    return pick(divisors);
  }

  Activation activation() {
    return Activation{static_cast<ActivationKind>(below(rng_, static_cast<int>(ActivationKind::tanh) + 1))};
  }

  void convolution(int v) {
    const int in = shape(v).channels;
    Convolution op{.out_channels = coin() ? in : 4 * (1 + below(rng_, 8))};
    op.kernel = {1 + 2 * below(rng_, 3), 1 + 2 * below(rng_, 3)};
    if (coin()) op.kernel.w = op.kernel.h;
    op.dilation = below(rng_, 4) == 0 ? Pair{2, 2} : Pair{1, 1};
    op.padding = {op.dilation.h * (op.kernel.h / 2), op.dilation.w * (op.kernel.w / 2)};
    if (below(rng_, 4) == 0 && smallest_extent(v) >= 4) op.stride = {2, 1 + below(rng_, 2)};
    op.groups = coin() ? divisor_of(in, op.out_channels) : 1;
    op.bias = coin();
    map(op, v);
  }

  void pool(int v) {
    Pool op{.kind = coin() ? PoolKind::max : PoolKind::average};
    const int kernel = 2 + below(rng_, 2);
    op.kernel = {kernel, kernel};
    op.padding = {kernel / 2, kernel / 2};
    op.stride = smallest_extent(v) >= 4 && coin() ? Pair{2, 2} : Pair{1, 1};
    op.ceil_mode = coin();
    op.count_include_pad = op.kind == PoolKind::average && coin();
    map(op, v);
  }

  void attention(int v) {
    const Shape in = shape(v);
    const Pair patch{in.height % 2 == 0 && coin() ? 2 : 1, in.width % 2 == 0 && coin() ? 2 : 1};
    int tokens = add(ToTokens{patch}, v);
    if (coin()) tokens = add(LayerNorm{1e-6}, tokens);
    const int heads = divisor_of(in.channels, in.channels);
    switch (below(rng_, 3)) {
      case 0:
        tokens = add(MultiHeadAttention{heads, coin()}, tokens);
        break;
      case 1:
        tokens = add(CrossCovarianceAttention{heads, coin()}, tokens);
        break;
      default:
        tokens = add(Linear{in.channels + 4, coin()}, tokens);
        tokens = add(activation(), tokens);
        tokens = add(Linear{in.channels, coin()}, tokens);
    }
    if (coin()) tokens = add(Scale{coin(), 0.5}, tokens);
    map(FromTokens{patch}, {tokens, v});
  }

  void gate(int v) {
    const int channels = shape(v).channels;
    int squeezed = add(GlobalPool{}, v);
    squeezed = add(Convolution{.out_channels = channels, .bias = true}, squeezed);
    squeezed = add(Activation{coin() ? ActivationKind::sigmoid : ActivationKind::hard_sigmoid}, squeezed);
    map(Multiply{}, coin() ? std::vector<int>{v, squeezed} : std::vector<int>{squeezed, v});
  }

  void join_two(int v) {
    std::vector<int> same;
    std::vector<int> same_extent;
    for (const int u : maps_) {
      if (shape(u) == shape(v)) same.push_back(u);
      if (shape(u).height == shape(v).height && shape(u).width == shape(v).width) same_extent.push_back(u);
    }
    const int u = pick(same_extent);
    if (coin() && shape(u).channels + shape(v).channels <= kMostChannels) {
      map(Concat{}, {u, v});
    } else if (coin()) {
      map(Multiply{}, {add(Activation{ActivationKind::tanh}, pick(same)), v});
    } else {
      map(Add{}, coin() ? std::vector<int>{pick(same), v} : std::vector<int>{pick(same), v, pick(same)});
    }
  }

  void split(int v) {
    const int channels = shape(v).channels;
    const int middle = 1 + below(rng_, channels - 1);
    int first = add(Split{0, middle}, v);
    const int second = add(Split{middle, channels}, v);
    if (coin()) first = add(BatchNorm{}, first);
    map(Concat{}, {second, first});
  }

  void move() {
    const int v = any_map();
    switch (below(rng_, 18)) {
      case 0:
      case 1:
      case 2:
        return convolution(v);
      case 3:
        map(BatchNorm{coin() ? 1e-5 : 1e-3}, v);
        return;
      case 4:
        map(LayerNorm{}, v);
        return;
      case 5:
      case 6:
        map(activation(), v);
        return;
      case 7:
        return pool(v);
      case 8: {
        const int taps = pick(std::vector<int>{2, 3, 5});
        if (smallest_extent(v) > std::max(2, taps / 2)) map(BlurPool{taps, 1 + below(rng_, 2)}, v);
        return;
      }
      case 9: {
        const ResizeMode mode = coin() ? ResizeMode::nearest : ResizeMode::bilinear;
        if (2 * std::max(shape(v).height, shape(v).width) <= px_ && coin()) {
          map(Resize{mode, 2}, v);
        } else {
          map(Resize{mode, 0}, {v, any_map()});
        }
        return;
      }
      case 10:
      case 11:
        return join_two(v);
      case 12:
        return split(v);
      case 13:
        map(ChannelShuffle{divisor_of(shape(v).channels, shape(v).channels)}, v);
        return;
      case 14:
        return attention(v);
      case 15:
        return gate(v);
      case 16:
        map(PositionalEncoding{4 + 4 * below(rng_, 3)}, v);
        return;
      default:
        if (below(rng_, 4) == 0) {
          map(Add{}, {v, add(Zero{}, v)});
        } else if (coin()) {
          map(Scale{coin(), 0.1 * (1 + below(rng_, 9))}, v);
        } else {
          map(Dropout{0.1}, v);
        }
    }
  }

  /// A map that depends on all open maps.
  int join() {
    const std::vector<int> open = leaves();
    if (open.size() == 1) return open[0];
    std::vector<int> parts{open[0]};
    for (std::size_t i = 1; i < open.size(); ++i) parts.push_back(add(Resize{}, {open[i], open[0]}));
    return add(Concat{}, parts);
  }

  int head(int v) {
    if (below(rng_, 3) == 0) v = add(LayerNorm{}, add(ToTokens{}, v));
    v = add(GlobalPool{}, v);
    if (coin()) v = add(Activation{ActivationKind::hard_swish}, add(BatchNorm{}, add(Linear{16}, v)));
    if (coin()) v = add(Dropout{}, v);
    return add(Linear{10, coin()}, v);
  }

  Rng& rng_;
  int px_;
  int max_vertices_;
  ArchitectureBuilder builder_;
  std::vector<int> maps_;
  std::vector<bool> used_{false};
};

/// A valid network over all operators, for property tests: input (3, px, px), at most `max_vertices` (at least
/// 16) vertices, ending in global pooling and a linear layer of 10 classes. The same for the same generator state.
inline Architecture random_architecture(Rng& rng, int px, int max_vertices) {
  return RandomArchitecture(rng, px, max_vertices).build();
}

}  // namespace gensynth
