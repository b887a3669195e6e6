#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "architecture/architecture.hpp"
#include "architecture/rewrite/channel_view.hpp"

namespace gensynth {

/// A part of an operator: the computation of some of its output channels.
struct CanonicalNode {
  int vertex = 0;          ///< the vertex of the network, which has the operator, shape (except channels) and id
  int begin = 0, end = 0;  ///< range of the vertex's output channels
  int fan_in = 0;          ///< channels read for each output channel
  ChannelFlow flow = ChannelFlow::each;
  bool activated = false;  ///< an activation follows, which is part of it
  Pair taps;               ///< taps of its window that meet the map; 1x1 without a window
  std::int64_t macs = 0;   ///< with these taps and without channels that are zero or unread
  int channels() const { return end - begin; }
};

/// A view of a network that is the same for networks that compute the same function. Its nodes are parts of the
/// network's operators; the order of node indices is topological, and node 0 is the input.
///
/// - Values that do not reach the output or do not depend on the input are removed, with the operators that only they
///   need: branches that end in zeros or are multiplied by zeros, unread parts of a split, position codes.
/// - Concats, splits, identities (dropout, pooling of one place, resizing to the same size, shuffles that undo each
///   other) and batch norms are removed: nodes read nodes. An activation is part of the operator before it.
/// - Taps that fall outside the map are removed: on a map of 1x1 every window is pointwise.
/// - Groups and operators over several branches are cut (ChannelCuts), so that a grouped convolution becomes branches.
///
/// The architecture must outlive it.
class CanonicalForm {
 public:
  explicit CanonicalForm(const Architecture& architecture);
  explicit CanonicalForm(Architecture&&) = delete;

  const Architecture& architecture() const { return view_.architecture(); }
  const ChannelView& view() const { return view_; }
  int size() const { return static_cast<int>(nodes_.size()); }
  const CanonicalNode& operator[](int n) const { return nodes_[static_cast<std::size_t>(n)]; }
  const Operator& op(int n) const { return architecture().op((*this)[n].vertex); }
  const Shape& shape(int n) const { return architecture().shape((*this)[n].vertex); }  ///< shape of the whole vertex
  const Shape& input_shape(int n) const { return architecture().shape(input_vertices_[static_cast<std::size_t>(n)]); }
  /// The distinct nodes that n reads, ascending by port; empty for the input.
  std::span<const int> inputs(int n) const { return row(inputs_, input_rows_, n); }
  /// The nodes that read n, ascending.
  std::span<const int> users(int n) const { return row(users_, user_rows_, n); }
  /// Nodes whose values are the network's output; empty when it is constant.
  std::span<const int> outputs() const { return outputs_; }
  std::int64_t macs() const { return macs_; }
  /// Appends the nodes whose values make up the output of vertex v, in channel order.
  void append_nodes(int v, std::vector<int>& nodes) const;

 private:
  static std::span<const int> row(const std::vector<int>& values, const std::vector<int>& rows, int n) {
    const auto i = static_cast<std::size_t>(n);
    return {values.data() + rows[i], values.data() + rows[i + 1]};
  }

  ChannelView view_;
  std::vector<CanonicalNode> nodes_;
  std::vector<std::pair<int, int>> vertex_rows_;  ///< by vertex: [first, last) of its nodes
  std::vector<int> input_vertices_;               ///< by node: the vertex in the network that its first port reads
  std::vector<int> inputs_, input_rows_, users_, user_rows_;
  std::vector<int> outputs_;
  std::int64_t macs_ = 0;

  friend class CanonicalBuilder;
};

}  // namespace gensynth
