#pragma once

#include <cstdint>
#include <vector>

#include "architecture/rewrite/folded_view.hpp"

namespace gensynth::latency::model {

/// The orders (plain, or blocks of channels) in which the runtime stores each value while it runs a network, for
/// runtimes that block channels. A kernel that needs the other order has a copy of the value made, once for each value;
/// every such copy is a kernel of its own. The rules are those of ONNX Runtime's NchwcTransformer
/// (onnxruntime/core/optimizer/nchwc_transformer.cc). With one channel in a block there is one order and no copy.
class MapOrders {
 public:
  MapOrders(const FoldedView& network, int channel_block)
      : network_(network),
        block_(channel_block),
        orders_(channel_block > 1 ? static_cast<std::size_t>(network.size()) : 0, kPlain) {}

  /// Calls `copy(u)` for each input of v that is not stored in the order that v reads, and records the order that v
  /// writes. Returns whether v runs on plain maps although the runtime blocks channels.
  template <class Copy>
  bool enter(int v, Copy&& copy) {
    if (block_ == 1) return false;
    const bool blocked = reads_blocks(v);
    const std::uint8_t wanted = blocked ? kBlocked : kPlain;
    for (const int u : network_.inputs(v)) {
      const bool read = !std::holds_alternative<Resize>(network_.op(v)) || u == *network_.inputs(v).begin();
      if (!read || (orders(u) & wanted) != 0) continue;
      copy(u);
      orders(u) |= wanted;
    }
    orders(v) = writes_blocks(v, blocked) ? kBlocked : kPlain;
    return !blocked;
  }
  /// Records that v runs inside the kernel of `base`, and so has its value in the same orders.
  void join(int v, int base) {
    if (block_ > 1) orders(v) = orders(base);
  }

 private:
  static constexpr std::uint8_t kPlain = 1;
  static constexpr std::uint8_t kBlocked = 2;

  std::uint8_t& orders(int v) { return orders_[static_cast<std::size_t>(v)]; }
  bool is_blocked(int v) const { return (orders_[static_cast<std::size_t>(v)] & kBlocked) != 0; }
  bool all_blocked(int v) const;
  bool fills(int channels) const { return channels % block_ == 0; }
  bool reads_blocks(int v) const;
  bool writes_blocks(int v, bool reads) const;

  const FoldedView& network_;
  int block_;
  std::vector<std::uint8_t> orders_;  // a set of orders for each vertex
};

}  // namespace gensynth::latency::model
