#include "architecture/rewrite/canonical_form.hpp"

#include <algorithm>

#include "architecture/cost.hpp"
#include "architecture/rewrite/channel_cuts.hpp"
#include "architecture/rewrite/window.hpp"

namespace gensynth {
namespace {

std::size_t at(int v) { return static_cast<std::size_t>(v); }

std::vector<char> needed_vertices(const ChannelView& view) {
  const Architecture& net = view.architecture();
  std::vector<char> needed(at(net.size()), 0);
  for (const Channels& part : view.output(net.output())) {
    if (!part.constant()) needed[at(part.vertex)] = 1;
  }
  const std::vector<int>& operators = view.operators();
  for (std::size_t i = operators.size(); i-- > 1;) {
    const int v = operators[i];
    if (needed[at(v)] == 0) continue;
    for (const int u : view.inputs(v)) {
      for (const Channels& part : view.output(u)) {
        if (!part.constant()) needed[at(part.vertex)] = 1;
      }
    }
  }
  needed[0] = 1;
  return needed;
}

}  // namespace

/// Makes the nodes from the parts of all needed vertices, then keeps those that the output depends on.
class CanonicalBuilder {
 public:
  explicit CanonicalBuilder(CanonicalForm& form)
      : form_(form),
        net_(form.architecture()),
        view_(form.view()),
        needed_(needed_vertices(view_)),
        cuts_(view_, needed_) {
    if (cuts_.any() || view_.has_constants() || view_.constant(net_.output())) {
      number_parts();
      connect_parts();
      drop_unread();
      collect();
    } else {
      take_whole();
    }
    list_users();
  }

 private:
  /// Without cuts and constants every needed operator is one node.
  void take_whole() {
    const std::size_t count = view_.operators().size();
    form_.nodes_.reserve(count);
    form_.input_rows_.reserve(count + 1);
    form_.input_vertices_.reserve(count);
    form_.inputs_.reserve(count * 2);
    form_.input_rows_.push_back(0);
    form_.vertex_rows_.assign(at(net_.size()), {});
    for (const int v : view_.operators()) {
      if (needed_[at(v)] == 0) continue;
      form_.vertex_rows_[at(v)] = {form_.size(), form_.size() + 1};
      Part part{.vertex = v, .begin = 0, .end = net_.shape(v).channels};
      const std::size_t first = form_.inputs_.size();
      if (v > 0) {
        for (const int u : view_.inputs(v)) {
          part.live_in += net_.shape(u).channels;
          for (const Channels& source : view_.output(u)) {
            const int node = form_.vertex_rows_[at(source.vertex)].first;
            const auto begin = form_.inputs_.begin() + static_cast<std::ptrdiff_t>(first);
            const auto place = std::lower_bound(begin, form_.inputs_.end(), node);
            if (place == form_.inputs_.end() || *place != node) form_.inputs_.insert(place, node);
          }
        }
      }
      form_.input_rows_.push_back(static_cast<int>(form_.inputs_.size()));
      form_.input_vertices_.push_back(v == 0 ? 0 : view_.inputs(v).front());
      form_.nodes_.push_back(node(part));
      form_.macs_ += form_.nodes_.back().macs;
    }
    form_.append_nodes(net_.output(), form_.outputs_);
  }

  struct Part {
    int vertex;
    int begin, end;
    int live_in = 0;          // number of channels read
    int first = 0, last = 0;  // of reads_
    int node = -1;
    char live = 0;  // has an input that depends on the network's input
    char used = 0;
  };

  void number_parts() {
    rows_.assign(at(net_.size()), {});
    parts_.reserve(view_.operators().size() + 16);
    for (const int v : view_.operators()) {
      if (needed_[at(v)] == 0) continue;
      rows_[at(v)].first = static_cast<int>(parts_.size());
      int begin = 0;
      for (const int end : cuts_.of(v)) {
        parts_.push_back({.vertex = v, .begin = begin, .end = end});
        begin = end;
      }
      parts_.push_back({.vertex = v, .begin = begin, .end = net_.shape(v).channels});
      rows_[at(v)].second = static_cast<int>(parts_.size());
    }
  }

  /// Adds the parts of u's sources in channels [begin, end) of u to reads_; returns how many channels they are.
  int read(int u, int begin, int end) {
    if (view_.whole(u)) {  // most vertices are whole, with one part
      const auto [only, after] = rows_[at(view_.output(u)[0].vertex)];
      if (after == only + 1) {
        if (parts_[at(only)].live == 0) return 0;
        reads_.push_back(only);
        return end - begin;
      }
    }
    int live = 0;
    each_live_part(u, begin, end, [&](int part, int channels) {
      live += channels;
      reads_.push_back(part);
    });
    return live;
  }

  /// Calls visit(part, channels) for every part that gives channels to [begin, end) of u and depends on the network's
  /// input, in the order of the channels.
  template <class Visit>
  void each_live_part(int u, int begin, int end, const Visit& visit) const {
    int position = 0;
    for (const Channels& source : view_.output(u)) {
      const int from = std::max(begin, position) - position + source.begin;
      const int to = std::min(end, position + source.width()) - position + source.begin;
      position += source.width();
      if (from >= to || source.constant()) continue;
      const auto [first, last] = rows_[at(source.vertex)];
      for (int p = first; p < last; ++p) {
        const Part& part = parts_[at(p)];
        if (part.end <= from || part.begin >= to || part.live == 0) continue;
        visit(p, std::min(part.end, to) - std::max(part.begin, from));
      }
    }
  }

  void connect(Part& part) {
    const int v = part.vertex;
    if (v == 0) {
      part.live = 1;
      return;
    }
    const ChannelFlow flow = view_.flow(v);
    const auto inputs = view_.inputs(v);
    int begin = 0;
    int end = net_.shape(inputs.front()).channels;
    if (flow == ChannelFlow::each || flow == ChannelFlow::by_group) {
      begin = part.begin;
      end = part.end;
      if (const auto* convolution = std::get_if<Convolution>(&net_.op(v))) {
        const int in = net_.shape(inputs.front()).channels / convolution->groups;
        const int out = convolution->out_channels / convolution->groups;
        begin = part.begin / out * in;
        end = (part.end + out - 1) / out * in;
      }
    }
    part.first = static_cast<int>(reads_.size());
    for (const int u : inputs) part.live_in += read(u, begin, end);
    if (static_cast<int>(reads_.size()) > part.first + 1) {
      std::sort(reads_.begin() + part.first, reads_.end());
      reads_.erase(std::unique(reads_.begin() + part.first, reads_.end()), reads_.end());
    }
    part.last = static_cast<int>(reads_.size());
    part.live = part.last > part.first ? 1 : 0;
  }

  void connect_parts() {
    reads_.reserve(parts_.size() * 2);
    for (Part& part : parts_) connect(part);
  }

  void drop_unread() {
    const std::size_t before = reads_.size();
    read(net_.output(), 0, net_.shape(net_.output()).channels);
    outputs_.assign(reads_.begin() + static_cast<std::ptrdiff_t>(before), reads_.end());
    for (const int p : outputs_) parts_[at(p)].used = 1;
    for (std::size_t p = parts_.size(); p-- > 0;) {
      if (parts_[p].used == 0) continue;
      for (int i = parts_[p].first; i < parts_[p].last; ++i) parts_[at(reads_[at(i)])].used = 1;
    }
    parts_.front().used = 1;
  }

  void collect() {
    form_.nodes_.reserve(parts_.size());
    form_.input_rows_.reserve(parts_.size() + 1);
    form_.input_vertices_.reserve(parts_.size());
    form_.inputs_.reserve(reads_.size());
    form_.input_rows_.push_back(0);
    form_.vertex_rows_.assign(at(net_.size()), {});
    for (Part& part : parts_) {
      if (part.used == 0) continue;
      auto& row = form_.vertex_rows_[at(part.vertex)];
      if (row.second == 0) row.first = form_.size();
      row.second = form_.size() + 1;
      part.node = form_.size();
      form_.nodes_.push_back(node(part));
      form_.macs_ += form_.nodes_.back().macs;
      form_.input_vertices_.push_back(part.vertex == 0 ? 0 : view_.inputs(part.vertex).front());
      for (int i = part.first; i < part.last; ++i) form_.inputs_.push_back(parts_[at(reads_[at(i)])].node);
      form_.input_rows_.push_back(static_cast<int>(form_.inputs_.size()));
    }
    for (const int p : outputs_) form_.outputs_.push_back(parts_[at(p)].node);
  }

  void list_users() {
    form_.user_rows_.assign(at(form_.size()) + 1, 0);
    for (const int u : form_.inputs_) ++form_.user_rows_[at(u) + 1];
    for (int n = 0; n < form_.size(); ++n) form_.user_rows_[at(n) + 1] += form_.user_rows_[at(n)];
    form_.users_.resize(form_.inputs_.size());
    std::vector<int> next(form_.user_rows_.begin(), form_.user_rows_.end() - 1);
    for (int n = 0; n < form_.size(); ++n) {
      for (const int u : form_.inputs(n)) form_.users_[at(next[at(u)]++)] = n;
    }
  }

  /// Pairs of an input channel that is read and an output channel of its group in this part.
  std::int64_t products(const Part& part, const Convolution& convolution) const {
    const int out = convolution.out_channels / convolution.groups;
    const int first = part.begin / out;
    const int last = (part.end - 1) / out;
    if (first == last) return std::int64_t{part.live_in} * (part.end - part.begin);
    const int u = view_.inputs(part.vertex).front();
    const int in = net_.shape(u).channels / convolution.groups;
    if (part.live_in == (last - first + 1) * in) return std::int64_t{in} * (part.end - part.begin);
    std::int64_t sum = 0;
    for (int group = first; group <= last; ++group) {
      const int outputs = std::min(part.end, (group + 1) * out) - std::max(part.begin, group * out);
      sum += std::int64_t{live(u, group * in, (group + 1) * in)} * outputs;
    }
    return sum;
  }

  /// How many of the channels [begin, end) of u depend on the network's input.
  int live(int u, int begin, int end) const {
    int count = 0;
    each_live_part(u, begin, end, [&](int, int channels) { count += channels; });
    return count;
  }

  CanonicalNode node(const Part& part) const {
    const int v = part.vertex;
    CanonicalNode node;
    node.vertex = v;
    node.begin = part.begin;
    node.end = part.end;
    if (v == 0) return node;
    node.flow = view_.flow(v);
    node.activated = view_.activated(v);
    const Operator& op = net_.op(v);
    const Shape& out = net_.shape(v);
    const Shape& in = net_.shape(view_.inputs(v).front());
    const std::int64_t places = std::int64_t{out.height} * out.width;
    node.fan_in = node.flow == ChannelFlow::each ? 1 : part.live_in;
    if (const auto* convolution = std::get_if<Convolution>(&op)) {
      node.taps = useful_taps(op, in, out);
      node.macs = products(part, *convolution) * node.taps.h * node.taps.w * places;
      if (node.flow == ChannelFlow::by_group) node.fan_in = std::min(part.live_in, in.channels / convolution->groups);
    } else if (std::holds_alternative<Linear>(op)) {
      node.macs = std::int64_t{part.live_in} * node.channels() * places;
    } else {
      node.taps = useful_taps(op, in, out);
      if (node.flow == ChannelFlow::joint) node.macs = vertex_cost(net_, v).macs;
    }
    return node;
  }

  CanonicalForm& form_;
  const Architecture& net_;
  const ChannelView& view_;
  std::vector<char> needed_;
  ChannelCuts cuts_;
  std::vector<Part> parts_;
  std::vector<std::pair<int, int>> rows_;  ///< by vertex: its parts
  std::vector<int> reads_;
  std::vector<int> outputs_;
};

CanonicalForm::CanonicalForm(const Architecture& architecture) : view_(architecture) { CanonicalBuilder{*this}; }

void CanonicalForm::append_nodes(int v, std::vector<int>& nodes) const {
  for (const Channels& part : view_.output(v)) {
    if (part.constant()) continue;
    const auto [first, last] = vertex_rows_[at(part.vertex)];
    for (int n = first; n < last; ++n) {
      if (nodes_[at(n)].end > part.begin && nodes_[at(n)].begin < part.end) nodes.push_back(n);
    }
  }
}

}  // namespace gensynth
