#pragma once

#include <vector>

#include "architecture/architecture.hpp"
#include "architecture/base/random.hpp"

namespace gensynth {

/// A convolution that keeps the extent at stride 1.
inline Convolution centred(int out, int kernel, int groups = 1, int stride = 1) {
  return {.out_channels = out,
          .kernel = {kernel, kernel},
          .stride = {stride, stride},
          .padding = {kernel / 2, kernel / 2},
          .groups = groups};
}

/// Convolutions, batch norms, ReLUs, identities and sums at random, with many parallel branches.
inline Architecture random_linear_network(Rng& rng) {
  ArchitectureBuilder builder("net", Shape{Layout::map, 4, 5, 5});
  std::vector<int> same{0};  // all of shape (4, 5, 5)
  std::vector<bool> used{false};
  const auto add = [&](const Operator& op, const std::vector<int>& inputs) {
    const int v = builder.add(op, inputs);
    used.resize(static_cast<std::size_t>(v) + 1, false);
    for (const int u : inputs) used[static_cast<std::size_t>(u)] = true;
    same.push_back(v);
    return v;
  };
  const auto branch = [&](int x) {
    const int groups = below(rng, 3) == 0 ? 4 : 1;
    switch (below(rng, 8)) {
      case 0:
        return x;
      case 1:
        return add(BatchNorm{}, {x});
      case 2:
        return add(Dropout{}, {x});
      case 3:
        return add(Activation{}, {x});
      case 4:
        return add(centred(4, 1, groups), {x});
      default: {
        Convolution op = centred(4, 1 + 2 * below(rng, 3), groups);
        op.bias = below(rng, 2) == 0;
        const int conv = add(op, {x});
        return below(rng, 4) == 0 ? conv : add(BatchNorm{}, {conv});
      }
    }
  };
  while (builder.size() < 14) {
    const int x = below(rng, 2) == 0 ? same.back() : same[static_cast<std::size_t>(below(rng, builder.size()))];
    std::vector<int> parts;
    for (int i = 2 + below(rng, 3); i > 0; --i) parts.push_back(branch(x));
    const int sum = add(Add{}, parts);
    if (below(rng, 3) == 0) add(BatchNorm{}, {sum});
    if (below(rng, 2) == 0) add(Activation{}, {same.back()});
  }
  std::vector<int> open;
  for (int v = 0; v < builder.size(); ++v) {
    if (!used[static_cast<std::size_t>(v)]) open.push_back(v);
  }
  const int last = open.size() == 1 ? open[0] : builder.add(Concat{}, open);
  return builder.build(builder.add(Linear{3}, builder.add(GlobalPool{}, last)));
}

}  // namespace gensynth
