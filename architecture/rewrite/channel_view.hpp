#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "architecture/architecture.hpp"

namespace gensynth {

/// How the output channels of an operator depend on its input channels.
enum class ChannelFlow : std::uint8_t {
  none,      ///< moves or drops channels only (concat, split, identities): no operator of its own in a view
  each,      ///< channel by channel: activations, normalisation by channel, pooling, depthwise convolution, sums
  by_group,  ///< within groups of several channels: grouped convolution
  all,       ///< each output channel reads every input channel, and can be computed alone: convolution, linear
  joint      ///< all at once: layer normalisation, attention, channel shuffle
};

/// Channels [begin, end) of a vertex. Vertex kZero stands for zeros, kConstant for values that do not depend on the
/// network's input.
struct Channels {
  static constexpr int kZero = -1;
  static constexpr int kConstant = -2;
  int vertex = 0;
  int begin = 0;
  int end = 0;
  int width() const { return end - begin; }
  bool constant() const { return vertex < 0; }
};

/// A network with the operators looked through that only move, drop or repeat channels: the output of every vertex as
/// a list of channels of operators that compute something. Batch norms, a factor and an offset for each channel, and
/// position codes, which are the same for every image, are looked through too, and an activation that alone reads an
/// operator counts as part of it. Dead values are gone: what is multiplied by zeros, added as zeros, or does not depend
/// on the input. Second inputs of resize and from_tokens, which give a height and width only, are not followed. The
/// architecture must outlive it.
class ChannelView {
 public:
  explicit ChannelView(const Architecture& architecture);

  const Architecture& architecture() const { return *architecture_; }
  ChannelFlow flow(int v) const { return flows_[static_cast<std::size_t>(v)]; }
  /// Whether all that reads v reads it through an activation.
  bool activated(int v) const { return activated_[static_cast<std::size_t>(v)] != 0; }
  /// Where the values of v come from, in channel order.
  std::span<const Channels> output(int v) const {
    const auto& row = rows_[static_cast<std::size_t>(v)];
    return {channels_.data() + row.first, channels_.data() + row.second};
  }
  /// Inputs whose values v reads, as vertices; the channels are output(u). Constant terms of sums and products are
  /// left out.
  std::span<const int> inputs(int v) const {
    const auto& row = input_rows_[static_cast<std::size_t>(v)];
    return {inputs_.data() + row.first, inputs_.data() + row.second};
  }
  /// Whether no value of v depends on the network's input.
  bool constant(int v) const;

 private:
  struct Row {
    std::size_t first = 0;
    std::size_t second = 0;
  };
  void add_vertex(int v);
  void read_inputs(int v);
  int look_through(int v) const;
  bool add_transparent(int v);
  void add_operator(int v);
  bool add_partly_constant(int v);
  void append(Channels channels);
  void append_slice(int u, int begin, int end);
  bool join_activation(int v);
  void finish(int v, std::size_t first) { rows_[static_cast<std::size_t>(v)] = {first, channels_.size()}; }
  bool zero(int v) const;
  bool has_constant(int v) const;

  const Architecture* architecture_;
  std::vector<ChannelFlow> flows_;
  std::vector<char> activated_;
  std::vector<char> exclusive_;  ///< by vertex: its values are one operator's, which nothing else reads
  std::vector<Channels> channels_;
  std::vector<Row> rows_;
  std::vector<int> inputs_;
  std::vector<Row> input_rows_;
  bool any_constant_ = false;
  std::size_t open_ = 0;  ///< first channel list entry of the vertex being added
};

}  // namespace gensynth
