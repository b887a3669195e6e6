#pragma once

#include <cstdint>
#include <vector>

#include "architecture/rewrite/folded_view.hpp"

namespace gensynth::latency::model::detail {

/// In which orders the runtime holds each value while it walks a network, for runtimes that block channels. A kernel
/// that needs the other order has it made, once for each value; every such copy is a kernel of its own. The rules are
/// those of ONNX Runtime's NchwcTransformer (onnxruntime/core/optimizer/nchwc_transformer.cc).
class MapOrders {
 public:
  MapOrders(const FoldedView& network, int channel_block)
      : network_(network), block_(channel_block), held_(static_cast<std::size_t>(network.size()), kPlain) {}

  /// Calls `copy(u)` for each input of v that is not there in the order that v reads, and notes the order of v.
  /// Returns whether v runs on plain maps.
  template <class Copy>
  bool enter(int v, Copy&& copy) {
    const bool blocked = reads_blocks(v);
    for (const int u : network_.inputs(v)) {
      std::uint8_t& held = held_[static_cast<std::size_t>(u)];
      const std::uint8_t wanted = blocked ? kBlocked : kPlain;
      const bool read = !std::holds_alternative<Resize>(network_.op(v)) || u == *network_.inputs(v).begin();
      if (read && !(held & wanted)) {
        copy(u);
        held |= wanted;
      }
    }
    held_[static_cast<std::size_t>(v)] = writes_blocks(v, blocked) ? kBlocked : kPlain;
    return !blocked;
  }
  /// v runs inside the kernel of `base`.
  void join(int v, int base) { held_[static_cast<std::size_t>(v)] = held_[static_cast<std::size_t>(base)]; }

 private:
  static constexpr std::uint8_t kPlain = 1;
  static constexpr std::uint8_t kBlocked = 2;

  bool all_blocked(int v) const;
  bool fills(int channels) const { return channels % block_ == 0; }
  bool reads_blocks(int v) const;
  bool writes_blocks(int v, bool reads) const;

  const FoldedView& network_;
  int block_;
  std::vector<std::uint8_t> held_;
};

}  // namespace gensynth::latency::model::detail
