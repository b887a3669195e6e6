#pragma once

#include <span>
#include <vector>

#include "architecture/rewrite/channel_view.hpp"

namespace gensynth {

/// Cuts the output channels of each operator into parts that are computed side by side. There are cuts between branches
/// that a concat joins, between the groups of a grouped convolution, and between parts that later operators read
/// separately. Operators that work channel by channel have the cuts of their sources and readers, so that a batch norm
/// over two branches becomes one in each of them.
///
/// Cuts without effect are left out, so that most networks have none: an operator whose parts are read together again
/// at once stays whole, and so does a grouped convolution between operators that mix all channels, without another
/// window beside it. Depthwise convolutions start no parts, since a single channel is not a branch.
class ChannelCuts {
 public:
  /// More groups than this stay together, since none of them could have a significant share of its stage.
  static constexpr int kMostGroups = 20;

  /// `needed`: the vertices whose values reach the output.
  ChannelCuts(const ChannelView& view, const std::vector<char>& needed);

  bool any() const { return any_; }
  /// Ascending positions strictly inside the output channels of v; empty for most vertices.
  std::span<const int> of(int v) const {
    return any_ ? std::span<const int>(cuts_[static_cast<std::size_t>(v)]) : std::span<const int>();
  }

 private:
  /// `reader` reads channels of some vertex as channels [position, ...) of its input at one port.
  struct Reading {
    int reader;
    int port;
    int position;
    int begin, end;  ///< channels of the vertex that is read
  };
  struct Demand {
    int vertex;
    int position;
    bool forced;
  };

  void collect_demands(int v);
  bool mixed_at_once(int v, int depth = 0) const;
  bool plainly_alone(int v);
  bool windowless_before(int v, int depth);
  void list_readings();
  void settle();
  void cut(const Demand& demand);
  void cut_inputs(int v, int position);
  void cut_readers(int v, int position);
  bool divide_groups();
  bool read_together(int v, int position);
  bool read_together_by(const Reading& left, const Reading& right, int position);
  bool shows(int v, int position) const;
  bool stands_alone(int v);
  bool windows_before(int v, int begin, int end, int group);
  Channels slice(int u, int begin, int end) const;
  bool windows_after(int v);
  int output_position(int v, int input_position) const;
  std::span<const Reading> readings(int v) const;

  const ChannelView& view_;
  const Architecture& net_;
  const std::vector<char>& needed_;
  bool any_ = false;
  std::vector<std::vector<int>> cuts_;
  std::vector<char> windowless_;  ///< by vertex: neither it nor an operator before it has a window
  std::vector<int> grouped_;      ///< convolutions with groups of several channels
  std::vector<Demand> demands_;
  std::vector<Reading> readings_;
  std::vector<int> reading_rows_;
  std::vector<std::pair<int, int>> visited_;
  std::vector<int> free_before_;  ///< by vertex: the group size for which no window comes before it; 0 if unknown
};

}  // namespace gensynth
