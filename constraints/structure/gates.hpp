#pragma once

#include <cstdint>
#include <vector>

#include "constraints/structure/structure.hpp"

namespace gensynth::structure {

/// A single-entry single-exit region that ends in a product of descendants of its own entry, entry and exit at one
/// spatial size: squeeze and excitation, a double-condensing attention condenser (DC-AC).
struct Gate {
  std::vector<int> entries;  ///< the last nodes before it: parts of one value, ascending
  std::vector<int> exits;    ///< the product; several nodes if it is cut into parts that read the same values
  std::vector<int> nodes;    ///< inside, those of gates inside it too; ascending, without entries and exits
  std::int64_t macs = 0;
  bool spatial = false;  ///< lets one place see another
  bool mixing = false;   ///< has an operator that mixes channels
  /// The network's trunk goes through it: no attention beside the main path but the main path itself.
  bool trunk = false;
};

struct Gates {
  std::vector<Gate> all;             ///< inner gates before the gates around them
  std::vector<int> around;           ///< by node: the outermost gate around it that is no trunk, or -1
  std::vector<int> ending;           ///< by node: the outermost such gate whose first exit it is, or -1
  std::vector<std::uint8_t> passed;  ///< by node: whether every path from input to output passes it

  /// The gate whose exit is the node, if gates count as one operator, or -1.
  int contracted(int n) const { return ending.empty() ? -1 : ending[static_cast<std::size_t>(n)]; }

  /// Beside the main path: within a gate that is no trunk, and not passed by every path.
  bool in_condenser(int n) const {
    const auto i = static_cast<std::size_t>(n);
    return !around.empty() && around[i] >= 0 && passed[i] == 0;
  }
};

Gates find_gates(const Structure& structure);

}  // namespace gensynth::structure
