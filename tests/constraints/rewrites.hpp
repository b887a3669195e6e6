#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "architecture/architecture.hpp"
#include "architecture/base/random.hpp"

namespace gensynth::testing {

/// Writes networks in other ways that compute the same function (with other weights where a convolution is split). Each
/// kind of rewrite is done at every place with the given probability.
class Rewriter {
 public:
  struct Chances {
    int groups = 0;      ///< in percent: grouped convolutions as a concat of branches
    int split = 0;       ///< a split into parts and a concat of them after a vertex
    int joint = 0;       ///< one batch norm or activation over two branches, in place of one for each
    int identities = 0;  ///< dropout, pooling of one place, resizing by 1, shuffles of one group
    int dead = 0;        ///< sums with branches that end in zeros, splits of which a part is read by a dead branch only
  };
  static Chances all(int percent) { return {percent, percent, percent, percent, percent}; }

  Rewriter(const Architecture& net, Rng& rng, const Chances& chances)
      : net_(net), rng_(rng), chances_(chances), builder_("rewritten", net.shape(0)), made_(at(net.size()), -1) {
    made_[0] = 0;
  }

  Architecture run() {
    for (int v = 1; v < net_.size(); ++v) {
      if (made_[at(v)] >= 0) continue;  // written with an earlier one
      if (happens(chances_.joint) && write_jointly(v)) continue;
      made_[at(v)] = decorated(write(v));
    }
    return builder_.build(made_[at(net_.output())]);
  }

 private:
  static std::size_t at(int v) { return static_cast<std::size_t>(v); }
  bool happens(int percent) { return below(rng_, 100) < percent; }
  int add(const Operator& op, const std::vector<int>& inputs) { return builder_.add(op, inputs); }
  int add(const Operator& op, int input) { return builder_.add(op, input); }
  const Shape& shape(int v) const { return builder_.shape(v); }

  std::vector<int> inputs(int v) const {
    std::vector<int> result;
    for (const int u : net_.inputs(v)) result.push_back(made_[at(u)]);
    return result;
  }

  int write(int v) {
    const auto* convolution = std::get_if<Convolution>(&net_.op(v));
    if (convolution != nullptr && convolution->groups > 1 && happens(chances_.groups))
      return write_branches(v, *convolution);
    return add(net_.op(v), inputs(v));
  }

  int write_branches(int v, const Convolution& convolution) {
    const int input = inputs(v).front();
    const int in = shape(input).channels / convolution.groups;
    std::vector<int> divisors;
    for (int d = 2; d <= convolution.groups; ++d) {
      if (convolution.groups % d == 0) divisors.push_back(d);
    }
    const int branches = divisors[at(below(rng_, static_cast<int>(divisors.size())))];
    const int groups = convolution.groups / branches;
    std::vector<int> parts;
    for (int b = 0; b < branches; ++b) {
      Convolution part = convolution;
      part.groups = groups;
      part.out_channels = convolution.out_channels / branches;
      parts.push_back(add(part, add(Split{b * groups * in, (b + 1) * groups * in}, input)));
    }
    return add(Concat{}, parts);
  }

  /// v and another vertex with the same operator by channel, neither of which depends on the other, as one.
  bool write_jointly(int v) {
    const Operator& op = net_.op(v);
    if (!std::holds_alternative<BatchNorm>(op) && !std::holds_alternative<Activation>(op)) return false;
    const int first = made_[at(net_.input(v, 0))];
    for (int w = v + 1; w < net_.size(); ++w) {
      if (made_[at(w)] >= 0 || !(net_.op(w) == op) || made_[at(net_.input(w, 0))] < 0) continue;
      const int second = made_[at(net_.input(w, 0))];
      if (shape(first).layout != Layout::map || shape(second).layout != Layout::map) continue;
      if (shape(first).height != shape(second).height || shape(first).width != shape(second).width) continue;
      const int joint = add(op, add(Concat{}, {first, second}));
      const int middle = shape(first).channels;
      made_[at(v)] = add(Split{0, middle}, joint);
      made_[at(w)] = add(Split{middle, shape(joint).channels}, joint);
      return true;
    }
    return false;
  }

  int decorated(int v) {
    const Shape given = shape(v);
    if (given.layout == Layout::map) {
      if (happens(chances_.identities)) v = identity(v);
      if (happens(chances_.split) && given.channels > 1) v = parted(v);
      if (happens(chances_.dead)) v = with_dead_branch(v);
    }
    return v;
  }

  int identity(int v) {
    switch (below(rng_, 5)) {
      case 0:
        return add(Dropout{0.1}, v);
      case 1:
        return add(Pool{PoolKind::max, {1, 1}, {1, 1}}, v);
      case 2:
        return add(Resize{ResizeMode::bilinear, 1}, v);
      case 3:
        return add(ChannelShuffle{1}, v);
      default:
        return add(FromTokens{}, {add(ToTokens{}, v), v});
    }
  }

  int parted(int v) {
    const int channels = shape(v).channels;
    const int middle = 1 + below(rng_, channels - 1);
    return add(Concat{}, {add(Split{0, middle}, v), add(Split{middle, channels}, v)});
  }

  int with_dead_branch(int v) {
    const Shape given = shape(v);
    // An operator with weights and a stride whose values end in zeros or are multiplied by zeros.
    const int computed = add(Convolution{.out_channels = given.channels, .kernel = {3, 3}, .padding = {1, 1}}, v);
    switch (below(rng_, 3)) {
      case 0:
        return add(Add{}, {v, add(Zero{}, computed)});
      case 1:
        return add(Add{}, {add(Multiply{}, {computed, add(Zero{}, v)}), v});
      default:  // the part of a split that only zeros read
        return add(Add{}, {v, add(Convolution{.out_channels = given.channels},
                                  add(Zero{}, add(Split{0, 1}, add(Concat{}, {v, computed}))))});
    }
  }

  const Architecture& net_;
  Rng& rng_;
  Chances chances_;
  ArchitectureBuilder builder_;
  std::vector<int> made_;
};

inline Architecture rewritten(const Architecture& net, Rng& rng, const Rewriter::Chances& chances) {
  return Rewriter(net, rng, chances).run();
}

}  // namespace gensynth::testing
