#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "architecture/architecture.hpp"

namespace gensynth {

/// How the output channels of an operator depend on its input channels.
enum class ChannelFlow : std::uint8_t {
  none,      ///< moves or drops channels only (concat, split, identities): no operator of its own in a view
  each,      ///< channel by channel: activations, pooling, depthwise convolution, sums
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

/// A view of a network without the operators that only move, drop or repeat channels: the output of every vertex is a
/// list of channels of operators that compute something. Batch norms (a factor and an offset for each channel) and
/// position codes (the same for every image) are skipped, too, and an activation that is the only reader of an operator
/// counts as part of it. Dead values are removed: values that are multiplied by zeros, added as zeros, or do not depend
/// on the input. Second inputs of resize and from_tokens, which give a height and width only, are not followed. The
/// architecture must outlive the view.
class ChannelView {
 public:
  explicit ChannelView(const Architecture& architecture);
  explicit ChannelView(Architecture&&) = delete;

  const Architecture& architecture() const { return *architecture_; }
  /// The vertices that are not skipped, ascending; the first is the input.
  const std::vector<int>& operators() const { return operators_; }
  ChannelFlow flow(int v) const { return at(v).flow; }
  /// Whether all readers of v read it through an activation.
  bool activated(int v) const { return at(v).activated; }
  /// The sources of the values of v, in channel order.
  std::span<const Channels> output(int v) const {
    const Entry& entry = at(v);
    return {channels_.data() + entry.first_channels, channels_.data() + entry.last_channels};
  }
  /// Whether output(v) is the whole output of one operator.
  bool whole(int v) const { return at(v).whole; }
  /// Inputs whose values v reads, as vertices; the channels are output(u). Constant terms of sums and products are
  /// left out.
  std::span<const int> inputs(int v) const {
    const Entry& entry = at(v);
    return {inputs_.data() + entry.first_input, inputs_.data() + entry.last_input};
  }
  /// Whether no value of v depends on the network's input.
  bool constant(int v) const;
  bool has_constants() const { return any_constant_; }

 private:
  struct Entry {
    int first_channels = 0, last_channels = 0;
    int first_input = 0, last_input = 0;
    ChannelFlow flow = ChannelFlow::each;
    bool activated = false;
    bool whole = false;
    bool exclusive = true;  ///< its values are one operator's, which nothing else reads
  };
  Entry& at(int v) { return entries_[static_cast<std::size_t>(v)]; }
  const Entry& at(int v) const { return entries_[static_cast<std::size_t>(v)]; }
  void add_vertex(int v);
  void read_inputs(int v);
  int look_through(int v) const;
  int maker(int u) const;
  bool add_transparent(int v);
  bool join_activation(int v);
  bool add_partly_constant(int v);
  void append(Channels channels);
  void append_slice(int u, int begin, int end);
  bool zero(int v) const;
  bool has_constant(int v) const;

  const Architecture* architecture_;
  std::vector<Entry> entries_;
  std::vector<Channels> channels_;
  std::vector<int> inputs_;
  std::vector<int> operators_;
  bool any_constant_ = false;
  std::size_t open_ = 0;  ///< first channel list entry of the vertex being added
};

}  // namespace gensynth
