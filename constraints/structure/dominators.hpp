#pragma once

#include <vector>

namespace gensynth::structure {

/// The immediate dominator of each node of an acyclic graph whose node indices are a topological order and whose node
/// 0 reaches all others: the last node that every path from node 0 passes before it. inputs(n) is a range of the
/// distinct nodes before n. Node 0 is its own dominator.
template <class Inputs>
std::vector<int> dominators(int size, const Inputs& inputs);

/// The last node that dominates both (or is one of them).
inline int common_dominator(const std::vector<int>& dominator, int a, int b) {
  while (a != b) {
    int& later = a > b ? a : b;
    later = dominator[static_cast<std::size_t>(later)];
  }
  return a;
}

template <class Inputs>
std::vector<int> dominators(int size, const Inputs& inputs) {
  std::vector<int> dominator(static_cast<std::size_t>(size), 0);
  for (int n = 1; n < size; ++n) {
    int common = -1;
    for (const int input : inputs(n)) common = common < 0 ? input : common_dominator(dominator, common, input);
    dominator[static_cast<std::size_t>(n)] = common < 0 ? 0 : common;
  }
  return dominator;
}

}  // namespace gensynth::structure
