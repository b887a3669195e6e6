#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "constraints/structure/gates.hpp"
#include "constraints/structure/structure.hpp"

namespace gensynth::structure {

/// A structure in which every gate (except those that contain the trunk) is one node, its exit; with stages and the
/// dominator tree. Node indices are those of the canonical form; `standing` are the nodes that remain.
class Contraction {
 public:
  explicit Contraction(const Structure& structure);

  const Structure& structure() const { return structure_; }
  int size() const { return static_cast<int>(stand_in_.size()); }
  /// The node that represents n: the exit of its gate, or n itself.
  int stand_in(int n) const { return stand_in_[static_cast<std::size_t>(n)]; }
  bool standing(int n) const { return stand_in(n) == n; }
  /// The gate that a node represents, or -1.
  int gate(int n) const { return gates_.contracted(n); }
  std::span<const int> inputs(int n) const { return row(inputs_, input_rows_, n); }

  /// Whether `top` dominates n or is n.
  bool below(int n, int top) const { return place(n) >= place(top) && place(n) < place(top) + weight(top); }
  int dominator(int n) const { return dominator_[static_cast<std::size_t>(n)]; }
  /// The nodes that n dominates immediately, ascending.
  std::span<const int> children(int n) const { return row(children_, child_rows_, n); }
  /// n and the nodes that it dominates are at [place(n), place(n) + weight(n)) of order(); children in their own order.
  int place(int n) const { return place_[static_cast<std::size_t>(n)]; }
  int weight(int n) const { return weight_[static_cast<std::size_t>(n)]; }
  const std::vector<int>& order() const { return order_; }

  int stages() const { return static_cast<int>(extents_.size()); }
  Pair extent(int stage) const { return extents_[static_cast<std::size_t>(stage)]; }
  std::int64_t stage_macs(int stage) const { return stage_macs_[static_cast<std::size_t>(stage)]; }
  /// -1 for the head.
  int stage(int n) const { return stage_[static_cast<std::size_t>(n)]; }
  std::int64_t macs(int n) const { return macs_[static_cast<std::size_t>(n)]; }
  /// MACs of n and the nodes that it dominates, by stage.
  const std::int64_t* macs_below(int n) const { return below_.data() + static_cast<std::size_t>(n) * extents_.size(); }

 private:
  static std::span<const int> row(const std::vector<int>& values, const std::vector<int>& rows, int n) {
    const auto i = static_cast<std::size_t>(n);
    return {values.data() + rows[i], values.data() + rows[i + 1]};
  }
  void contract();
  void dominate();
  void build_tree();
  void count();
  int stage_of(const Pair& extent);

  const Structure& structure_;
  const Gates& gates_;
  std::vector<int> stand_in_, inputs_, input_rows_;
  std::vector<int> dominator_, children_, child_rows_, place_, weight_, order_;
  std::vector<Pair> extents_;
  std::vector<int> stage_;
  std::vector<std::int64_t> stage_macs_, macs_, below_;
};

}  // namespace gensynth::structure
