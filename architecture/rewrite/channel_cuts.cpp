#include "architecture/rewrite/channel_cuts.hpp"

#include <algorithm>

namespace gensynth {
namespace {

std::size_t at(int v) { return static_cast<std::size_t>(v); }

/// Whether the operator works channel by channel, without weights or a stride of its own.
bool plain(const Operator& op, ChannelFlow flow) {
  const auto* pool = std::get_if<Pool>(&op);
  const auto* blur = std::get_if<BlurPool>(&op);
  return flow == ChannelFlow::each && !std::holds_alternative<Convolution>(op) &&
         !std::holds_alternative<Multiply>(op) && !std::holds_alternative<Resize>(op) &&
         (pool == nullptr || pool->stride == Pair{1, 1}) && (blur == nullptr || blur->stride == 1);
}

// Limits of the quick check before the thorough search.
constexpr int kNear = 6;
constexpr int kFar = 100;

}  // namespace

ChannelCuts::ChannelCuts(const ChannelView& view, const std::vector<char>& needed)
    : view_(view), net_(view.architecture()), needed_(needed) {
  for (const int v : view_.operators()) {
    if (needed_[at(v)] != 0) collect_demands(v);
  }
  if (demands_.empty() && grouped_.empty()) return;
  any_ = true;
  cuts_.resize(at(net_.size()));
  list_readings();
  settle();
  while (divide_groups()) settle();
}

void ChannelCuts::collect_demands(int v) {
  if (view_.flow(v) == ChannelFlow::by_group && !plainly_alone(v)) grouped_.push_back(v);
  bool known = false;
  bool hidden = false;  // whether cuts of v would not show, where that is known at once
  for (const int u : view_.inputs(v)) {
    if (view_.whole(u)) continue;
    const auto parts = view_.output(u);
    int position = 0;
    for (const Channels& part : parts) {
      if (position > 0) {
        if (!known) hidden = plain(net_.op(v), view_.flow(v)) && mixed_at_once(v);
        known = true;
        const int boundary = hidden ? -1 : output_position(v, position);
        if (boundary >= 0) demands_.push_back({v, boundary, true});
      }
      if (!part.constant()) {
        if (part.begin > 0) demands_.push_back({part.vertex, part.begin, false});
        if (part.end < net_.shape(part.vertex).channels) demands_.push_back({part.vertex, part.end, false});
      }
      position += part.width();
    }
  }
}

/// Whether all readers of v, through a few plain operators, mix all of its channels. It reads only the network's
/// vertices, which is enough for most operators.
bool ChannelCuts::mixed_at_once(int v, int depth) const {
  if (depth > kNear) return false;
  for (const int user : net_.users(v)) {
    const Operator& op = net_.op(user);
    const ChannelFlow flow = view_.flow(user);
    if (flow == ChannelFlow::all || flow == ChannelFlow::joint) continue;
    if (std::holds_alternative<Concat>(op) || std::holds_alternative<Split>(op) || std::holds_alternative<Zero>(op))
      return false;
    if (flow != ChannelFlow::none && !plain(op, flow)) return false;
    if (!mixed_at_once(user, depth + 1)) return false;
  }
  return true;
}

/// A quick check whether a grouped convolution stands alone (stands_alone): only operators without a window are between
/// it and the operators before and after it that mix all channels.
bool ChannelCuts::plainly_alone(int v) {
  if (!mixed_at_once(v)) return false;
  if (windowless_.empty()) windowless_.assign(at(net_.size()), 0);
  return windowless_before(v, 0);
}

bool ChannelCuts::windowless_before(int v, int depth) {
  if (depth > kFar) return false;
  for (const int u : view_.inputs(v)) {
    const auto parts = view_.output(u);
    if (parts.size() != 1 || parts[0].vertex <= 0) return false;
    const int w = parts[0].vertex;
    if (windowless_[at(w)] != 0) continue;
    const ChannelFlow flow = view_.flow(w);
    const auto* convolution = std::get_if<Convolution>(&net_.op(w));
    if (flow == ChannelFlow::by_group || (convolution != nullptr && !(convolution->kernel == Pair{1, 1}))) return false;
    if (flow == ChannelFlow::each && !windowless_before(w, depth + 1)) return false;
    windowless_[at(w)] = 1;
  }
  return true;
}

/// Where a boundary between input channels of v shows among its output channels; -1 where it does not.
int ChannelCuts::output_position(int v, int input_position) const {
  const ChannelFlow flow = view_.flow(v);
  if (flow != ChannelFlow::each && flow != ChannelFlow::by_group) return -1;
  const auto* convolution = std::get_if<Convolution>(&net_.op(v));
  if (convolution == nullptr) return input_position;
  const int in = net_.shape(view_.inputs(v).front()).channels / convolution->groups;
  if (input_position % in != 0) return -1;
  return input_position / in * (convolution->out_channels / convolution->groups);
}

void ChannelCuts::list_readings() {
  reading_rows_.assign(at(net_.size()) + 1, 0);
  for (const int v : view_.operators()) {
    if (needed_[at(v)] == 0) continue;
    for (const int u : view_.inputs(v)) {
      for (const Channels& part : view_.output(u))
        reading_rows_[at(std::max(part.vertex, 0)) + 1] += part.constant() ? 0 : 1;
    }
  }
  for (int v = 0; v < net_.size(); ++v) reading_rows_[at(v) + 1] += reading_rows_[at(v)];
  readings_.resize(at(reading_rows_.back()));
  std::vector<int> next(reading_rows_.begin(), reading_rows_.end() - 1);
  for (const int v : view_.operators()) {
    if (needed_[at(v)] == 0) continue;
    int port = 0;
    for (const int u : view_.inputs(v)) {
      int position = 0;
      for (const Channels& part : view_.output(u)) {
        if (!part.constant()) readings_[at(next[at(part.vertex)]++)] = {v, port, position, part.begin, part.end};
        position += part.width();
      }
      ++port;
    }
  }
}

std::span<const ChannelCuts::Reading> ChannelCuts::readings(int v) const {
  return {readings_.data() + reading_rows_[at(v)], readings_.data() + reading_rows_[at(v) + 1]};
}

void ChannelCuts::settle() {
  while (!demands_.empty()) {
    const Demand demand = demands_.back();
    demands_.pop_back();
    cut(demand);
  }
}

void ChannelCuts::cut(const Demand& demand) {
  const int v = demand.vertex;
  if (v == 0 || view_.flow(v) == ChannelFlow::joint) return;
  std::vector<int>& cuts = cuts_[at(v)];
  const auto place = std::lower_bound(cuts.begin(), cuts.end(), demand.position);
  if (place != cuts.end() && *place == demand.position) return;
  if (demand.forced) {
    if (!shows(v, demand.position)) return;
  } else {
    if (read_together(v, demand.position)) return;
  }
  cuts.insert(place, demand.position);
  cut_inputs(v, demand.position);
  cut_readers(v, demand.position);
}

void ChannelCuts::cut_inputs(int v, int position) {
  const ChannelFlow flow = view_.flow(v);
  if (flow != ChannelFlow::each && flow != ChannelFlow::by_group) return;
  if (const auto* convolution = std::get_if<Convolution>(&net_.op(v))) {
    const int out = convolution->out_channels / convolution->groups;
    if (position % out != 0) return;  // inside a group, both sides read it all
    position = position / out * (net_.shape(view_.inputs(v).front()).channels / convolution->groups);
  }
  for (const int u : view_.inputs(v)) {
    int begin = 0;
    for (const Channels& part : view_.output(u)) {
      const int end = begin + part.width();
      if (begin < position && position < end && !part.constant()) {
        demands_.push_back({part.vertex, part.begin + position - begin, false});
      }
      begin = end;
    }
  }
}

void ChannelCuts::cut_readers(int v, int position) {
  for (const Reading& reading : readings(v)) {
    if (position <= reading.begin || position >= reading.end) continue;
    const int shown = output_position(reading.reader, reading.position + position - reading.begin);
    if (shown >= 0) demands_.push_back({reading.reader, shown, true});
  }
}

/// Cuts between the groups of each part that has few of them. Returns whether there were any.
bool ChannelCuts::divide_groups() {
  for (const int v : grouped_) {
    if (stands_alone(v)) continue;
    const auto& convolution = std::get<Convolution>(net_.op(v));
    const int out = convolution.out_channels / convolution.groups;
    const std::vector<int>& cuts = cuts_[at(v)];
    int begin = 0;
    for (std::size_t i = 0; i <= cuts.size(); ++i) {
      const int end = i < cuts.size() ? cuts[i] : convolution.out_channels;
      const int first = (begin + out - 1) / out;  // groups that lie whole within the part
      const int last = end / out;
      if (last - first >= 2 && last - first <= kMostGroups) {
        for (int group = first + 1; group < last; ++group) demands_.push_back({v, group * out, true});
      }
      begin = end;
    }
  }
  return !demands_.empty();
}

/// Whether a cut of v has an effect. It has none if v is an operator without weights or a stride of its own, and both
/// sides reach, through such operators only, the same operators that mix them.
bool ChannelCuts::shows(int v, int position) const {
  if (!plain(net_.op(v), view_.flow(v))) return true;
  for (const Reading& reading : readings(v)) {
    const ChannelFlow flow = view_.flow(reading.reader);
    if (position <= reading.begin || position >= reading.end) return true;  // reads one side, or both apart
    if (flow == ChannelFlow::all || flow == ChannelFlow::joint) continue;
    const int shown = output_position(reading.reader, reading.position + position - reading.begin);
    if (shown >= 0 && (flow == ChannelFlow::by_group || shows(reading.reader, shown))) return true;
  }
  return false;
}

/// Whether no branch through a group of v can have two windows in series: all operators that it reads and all its
/// readers mix all channels, with only operators without windows in between.
bool ChannelCuts::stands_alone(int v) {
  const auto& convolution = std::get<Convolution>(net_.op(v));
  visited_.clear();
  free_before_.resize(at(net_.size()), 0);
  const int channels = net_.shape(view_.inputs(v).front()).channels;
  return !windows_before(v, 0, channels, channels / convolution.groups) && !windows_after(v);
}

/// Examines the sources of input channels [begin, end) of v, which fall into groups of `group`.
bool ChannelCuts::windows_before(int v, int begin, int end, int group) {
  for (const int input : view_.inputs(v)) {
    const Channels source = slice(input, begin, end);
    if (source.width() == 0) return true;  // of several operators
    const int u = source.vertex;
    const std::vector<int>& cuts = cuts_[at(u)];
    const auto inside = std::upper_bound(cuts.begin(), cuts.end(), source.begin);
    if (view_.flow(u) == ChannelFlow::by_group || (inside != cuts.end() && *inside < source.end)) return true;
    const auto* convolution = std::get_if<Convolution>(&net_.op(u));
    if (convolution != nullptr && !(convolution->kernel == Pair{1, 1})) {
      if (view_.flow(u) == ChannelFlow::each) return true;
      // Its outputs could be computed by group, unless something reads them together.
      if (!read_together(u, source.begin + group)) return true;
    }
    if (view_.flow(u) != ChannelFlow::each || u == 0) continue;
    if (convolution != nullptr && convolution->out_channels != convolution->groups) return true;
    const bool whole = source.width() == net_.shape(u).channels;
    if (whole && free_before_[at(u)] == group) continue;
    if (windows_before(u, source.begin, source.end, group)) return true;
    if (whole) free_before_[at(u)] = group;
  }
  return false;
}

/// Channels [begin, end) of u as channels of one operator; empty if several operators or constants make them.
Channels ChannelCuts::slice(int u, int begin, int end) const {
  int position = 0;
  for (const Channels& part : view_.output(u)) {
    if (begin >= position && end <= position + part.width()) {
      if (part.constant()) break;
      return {part.vertex, part.begin + begin - position, part.begin + end - position};
    }
    position += part.width();
  }
  return {};
}

bool ChannelCuts::windows_after(int v) {
  const int channels = net_.shape(v).channels;
  for (const Reading& reading : readings(v)) {
    if (reading.begin != 0 || reading.end != channels) return true;
    const int w = reading.reader;
    const ChannelFlow flow = view_.flow(w);
    if (flow == ChannelFlow::all || flow == ChannelFlow::joint) continue;
    if (flow == ChannelFlow::by_group || !cuts_[at(w)].empty()) return true;
    const auto* convolution = std::get_if<Convolution>(&net_.op(w));
    if (convolution != nullptr && !(convolution->kernel == Pair{1, 1})) return true;
    const std::pair<int, int> here{w, 1};
    if (std::find(visited_.begin(), visited_.end(), here) != visited_.end()) continue;
    visited_.push_back(here);
    if (windows_after(w)) return true;
  }
  return false;
}

/// Whether the channels on both sides of the position meet again in the first operator that mixes channels.
bool ChannelCuts::read_together(int v, int position) {
  met_.clear();
  return meet({v, position - 1}, {v, position});
}

/// The same for two channels, each followed over operators that work channel by channel, written jointly or apart.
bool ChannelCuts::meet(const Place& a, const Place& b) {
  const std::pair<Place, Place> here{a, b};
  if (std::find(met_.begin(), met_.end(), here) != met_.end()) return false;
  met_.push_back(here);
  for (const Reading& left : readings(a.vertex)) {
    if (a.channel < left.begin || a.channel >= left.end) continue;
    for (const Reading& right : readings(b.vertex)) {
      if (b.channel < right.begin || b.channel >= right.end) continue;
      const Place from{left.reader, left.position + a.channel - left.begin};
      const Place to{right.reader, right.position + b.channel - right.begin};
      if (left.reader != right.reader ? pass(from, to) : left.port == right.port && meet_in(from, to)) return true;
    }
  }
  return false;
}

/// Whether two input channels of one reader meet in it.
bool ChannelCuts::meet_in(const Place& from, const Place& to) {
  const ChannelFlow flow = view_.flow(from.vertex);
  if (flow == ChannelFlow::all || flow == ChannelFlow::joint) return true;
  if (flow != ChannelFlow::by_group) return pass(from, to);
  const int groups = std::get<Convolution>(net_.op(from.vertex)).groups;
  const int group = net_.shape(view_.inputs(from.vertex).front()).channels / groups;
  return from.channel / group == to.channel / group;
}

/// Goes on from input channels of readers that work channel by channel; false where either does not.
bool ChannelCuts::pass(const Place& from, const Place& to) {
  if (view_.flow(from.vertex) != ChannelFlow::each || view_.flow(to.vertex) != ChannelFlow::each) return false;
  const Place a{from.vertex, output_position(from.vertex, from.channel + 1) - 1};
  return meet(a, {to.vertex, output_position(to.vertex, to.channel)});
}

}  // namespace gensynth
