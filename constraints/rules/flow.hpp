#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "architecture/architecture.hpp"

namespace gensynth::rules {

/// The edges that carry values, in compressed rows: those of the graph without the second inputs of resize and
/// from_tokens, which give a height and width only. Built in one pass; the structural rules walk it.
class Flow {
 public:
  explicit Flow(const Architecture& architecture);

  int size() const { return static_cast<int>(extents_.size()); }
  std::span<const int> inputs(int v) const { return row(inputs_, input_rows_, v); }
  std::span<const int> users(int v) const { return row(users_, user_rows_, v); }

  /// Height and width of the map that v belongs to. Token sets, and vectors made by global pooling, count with
  /// the map they were made from: they are no stage of their own.
  Pair extent(int v) const { return extents_[static_cast<std::size_t>(v)]; }
  /// After the last map: a pooled vector that no map reads again.
  bool head(int v) const { return head_[static_cast<std::size_t>(v)] != 0; }

 private:
  static std::span<const int> row(const std::vector<int>& values, const std::vector<int>& rows, int v) {
    const auto i = static_cast<std::size_t>(v);
    return {values.data() + rows[i], values.data() + rows[i + 1]};
  }

  std::vector<int> inputs_, input_rows_, users_, user_rows_;
  std::vector<Pair> extents_;
  std::vector<std::uint8_t> head_;
};

/// Gates: single-entry single-exit regions that end in a multiply of descendants of their own entry (squeeze and
/// excitation; a double-condensing attention condenser), entry and exit at one spatial size.
struct Gates {
  std::vector<int> owner;             ///< by vertex: the multiply of the innermost gate around it, -1 for none
  std::vector<int> entry;             ///< by vertex: of a gate's multiply its entry, else -1
  std::vector<std::uint8_t> spatial;  ///< by vertex: of a gate's multiply, whether the gate mixes places

  bool inside(int v) const { return owner[static_cast<std::size_t>(v)] >= 0; }
};
Gates find_gates(const Architecture& architecture, const Flow& flow);

}  // namespace gensynth::rules
