#include "architecture/rewrite/channel_view.hpp"

#include <algorithm>

#include "architecture/rewrite/window.hpp"

namespace gensynth {
namespace {

ChannelFlow flow_of(const Operator& op, int channels) {
  return std::visit(
      Overloaded{[&](const Convolution& conv) {
                   if (conv.groups == channels) return ChannelFlow::each;
                   return conv.groups == 1 ? ChannelFlow::all : ChannelFlow::by_group;
                 },
                 [](const Linear&) { return ChannelFlow::all; }, [](const LayerNorm&) { return ChannelFlow::joint; },
                 [](const MultiHeadAttention&) { return ChannelFlow::joint; },
                 [](const CrossCovarianceAttention&) { return ChannelFlow::joint; },
                 [](const ChannelShuffle&) { return ChannelFlow::joint; },
                 [](const auto&) { return ChannelFlow::each; }},
      op);
}

/// Whether zeros in give zeros out.
bool keeps_zero(const Operator& op) {
  return std::visit(
      Overloaded{[](const Convolution& conv) { return !conv.bias; }, [](const Linear& linear) { return !linear.bias; },
                 [](const Activation& activation) {
                   return activation.kind != ActivationKind::sigmoid && activation.kind != ActivationKind::hard_sigmoid;
                 },
                 [](const LayerNorm&) { return false; }, [](const MultiHeadAttention&) { return false; },
                 [](const CrossCovarianceAttention&) { return false; }, [](const auto&) { return true; }},
      op);
}

bool second_input_is_shape_only(const Operator& op) {
  return std::holds_alternative<Resize>(op) || std::holds_alternative<FromTokens>(op);
}

/// Adds channels that do not depend on the image.
bool adds_constant(const Operator& op) {
  return std::holds_alternative<BatchNorm>(op) || std::holds_alternative<PositionalEncoding>(op);
}

}  // namespace

ChannelView::ChannelView(const Architecture& architecture)
    : architecture_(&architecture), entries_(static_cast<std::size_t>(architecture.size())) {
  channels_.reserve(entries_.size() + entries_.size() / 2);
  inputs_.reserve(entries_.size() + entries_.size() / 2);
  operators_.reserve(entries_.size());
  for (int v = 0; v < architecture.size(); ++v) add_vertex(v);
}

void ChannelView::add_vertex(int v) {
  open_ = channels_.size();
  at(v).first_channels = static_cast<int>(open_);
  at(v).first_input = static_cast<int>(inputs_.size());
  if (v > 0) read_inputs(v);
  at(v).last_input = static_cast<int>(inputs_.size());
  if (v > 0 && add_transparent(v)) {
    at(v).flow = ChannelFlow::none;
  } else {
    operators_.push_back(v);
    const Operator& op = architecture_->op(v);
    if (v > 0) at(v).flow = flow_of(op, architecture_->shape(*architecture_->inputs(v).begin()).channels);
    if (v == 0 || !any_constant_ || !add_partly_constant(v)) append({v, 0, architecture_->shape(v).channels});
  }
  at(v).last_channels = static_cast<int>(channels_.size());
  if (channels_.size() == open_ + 1) {
    const Channels& only = channels_.back();
    at(v).whole = !only.constant() && only.begin == 0 && only.end == architecture_->shape(only.vertex).channels;
  }
}

/// The vertices whose values v reads. Constant terms of sums and products are left out, so that a sum with one live
/// term is that term.
void ChannelView::read_inputs(int v) {
  const Operator& op = architecture_->op(v);
  const bool first_only = second_input_is_shape_only(op);
  const bool drops = any_constant_ && (std::holds_alternative<Add>(op) || std::holds_alternative<Multiply>(op));
  for (const int u : architecture_->inputs(v)) {
    if (!(drops && constant(u))) inputs_.push_back(u);
    if (first_only) break;
  }
}

bool ChannelView::constant(int v) const {
  if (!any_constant_) return false;
  const auto row = output(v);
  return std::all_of(row.begin(), row.end(), [](const Channels& part) { return part.constant(); });
}

bool ChannelView::zero(int v) const {
  const auto row = output(v);
  return std::all_of(row.begin(), row.end(), [](const Channels& part) { return part.vertex == Channels::kZero; });
}

bool ChannelView::has_constant(int v) const {
  const auto row = output(v);
  return std::any_of(row.begin(), row.end(), [](const Channels& part) { return part.constant(); });
}

void ChannelView::append(Channels channels) {
  if (channels_.size() > open_) {
    Channels& last = channels_.back();
    if (last.vertex == channels.vertex && (last.constant() || last.end == channels.begin)) {
      last.end += channels.width();
      return;
    }
  }
  channels_.push_back(channels);
}

void ChannelView::append_slice(int u, int begin, int end) {
  int position = 0;
  const int last = at(u).last_channels;
  for (int i = at(u).first_channels; i < last && position < end; ++i) {  // by index: append may move the list
    const Channels part = channels_[static_cast<std::size_t>(i)];
    const int from = std::max(begin, position);
    const int to = std::min(end, position + part.width());
    if (from < to) append({part.vertex, part.begin + from - position, part.begin + to - position});
    position += part.width();
  }
}

/// The operator that makes all of u in order, or -1.
int ChannelView::maker(int u) const {
  if (!whole(u)) return -1;
  const int v = output(u)[0].vertex;
  return v > 0 && !activated(v) ? v : -1;
}

/// The vertex whose values v passes on unchanged, or -1.
int ChannelView::look_through(int v) const {
  const Operator& op = architecture_->op(v);
  const auto live = inputs(v);
  if (live.size() != 1) return -1;
  const int u = live.front();
  const Shape& in = architecture_->shape(u);
  const Shape& out = architecture_->shape(v);
  const bool same_grid = in.height == out.height && in.width == out.width;
  return std::visit(
      Overloaded{[&](const Dropout&) { return u; }, [&](const BatchNorm&) { return u; },
                 [&](const PositionalEncoding&) { return u; }, [&](const GlobalPool&) { return in == out ? u : -1; },
                 [&](const Resize&) { return same_grid ? u : -1; },
                 [&](const Pool& pool) {
                   if (!same_grid || !(pool.stride == Pair{1, 1})) return -1;
                   return useful_taps(op, in, out) == Pair{1, 1} ? u : -1;
                 },
                 [&](const ChannelShuffle& shuffle) {
                   if (shuffle.groups == 1 || shuffle.groups == in.channels) return u;
                   const int w = maker(u);
                   const auto* other = w > 0 ? std::get_if<ChannelShuffle>(&architecture_->op(w)) : nullptr;
                   const bool undone = other != nullptr && other->groups * shuffle.groups == in.channels;
                   return undone ? inputs(w).front() : -1;
                 },
                 [&](const FromTokens& tokens) {
                   const int w = maker(u);
                   const auto* other = w > 0 ? std::get_if<ToTokens>(&architecture_->op(w)) : nullptr;
                   if (other == nullptr || !(other->patch == tokens.patch)) return -1;
                   const Shape& before = architecture_->shape(inputs(w).front());
                   return before.height == out.height && before.width == out.width ? inputs(w).front() : -1;
                 },
                 [&](const Add&) { return same_grid ? u : -1; }, [](const auto&) { return -1; }},
      op);
}

bool ChannelView::add_transparent(int v) {
  const Operator& op = architecture_->op(v);
  if (std::holds_alternative<Activation>(op)) return join_activation(v);
  const bool concat = std::holds_alternative<Concat>(op);
  const auto* split = std::get_if<Split>(&op);
  if (concat || split != nullptr || std::holds_alternative<Zero>(op)) {
    at(v).exclusive = false;
    if (concat) {
      for (const int u : architecture_->inputs(v)) append_slice(u, 0, architecture_->shape(u).channels);
    } else if (split != nullptr) {
      append_slice(*architecture_->inputs(v).begin(), split->begin, split->end);
    } else {
      any_constant_ = true;
      append({Channels::kZero, 0, architecture_->shape(v).channels});
    }
    return true;
  }
  const int source = look_through(v);
  if (source < 0) return false;
  at(v).exclusive = source == inputs(v).front() && at(source).exclusive && architecture_->out_degree(source) == 1;
  append_slice(source, 0, architecture_->shape(source).channels);
  if (any_constant_ && adds_constant(op)) {
    for (std::size_t i = open_; i < channels_.size(); ++i) {  // a term added to zeros is not constant zero
      if (channels_[i].vertex == Channels::kZero) channels_[i].vertex = Channels::kConstant;
    }
  }
  return true;
}

/// Makes an activation part of its operator if it is the only reader.
bool ChannelView::join_activation(int v) {
  const int u = inputs(v).front();
  const auto row = output(u);
  if (!at(u).exclusive || architecture_->out_degree(u) != 1 || row.size() != 1 || row[0].vertex <= 0) return false;
  at(row[0].vertex).activated = true;
  append(Channels(row[0]));
  return true;
}

/// The output of an operator that reads constants: all constant, constant in part, or not at all (returns false).
bool ChannelView::add_partly_constant(int v) {
  const Operator& op = architecture_->op(v);
  const int channels = architecture_->shape(v).channels;
  const bool product = std::holds_alternative<Multiply>(op);
  const auto given = architecture_->inputs(v);
  if (product && std::any_of(given.begin(), given.end(), [&](int u) { return zero(u); })) {
    append({Channels::kZero, 0, channels});
    return true;
  }
  const auto live = inputs(v);
  if (std::all_of(live.begin(), live.end(), [&](int u) { return constant(u); })) {
    // A sum or product of constant terms only has no live input.
    const bool zeros = live.empty() ? std::holds_alternative<Add>(op) &&
                                          std::all_of(given.begin(), given.end(), [&](int u) { return zero(u); })
                                    : keeps_zero(op) && zero(live.front());
    append({zeros ? Channels::kZero : Channels::kConstant, 0, channels});
    return true;
  }
  const bool one_to_one = flow(v) == ChannelFlow::each && architecture_->shape(*given.begin()).channels == channels;
  if (!one_to_one || std::none_of(given.begin(), given.end(), [&](int u) { return has_constant(u); })) return false;
  // Channel by channel, between the bounds of all inputs' parts.
  std::vector<int> bounds{0};
  for (const int u : live) {
    int position = 0;
    for (const Channels& part : output(u)) bounds.push_back(position += part.width());
  }
  std::sort(bounds.begin(), bounds.end());
  bounds.erase(std::unique(bounds.begin(), bounds.end()), bounds.end());
  const auto source_at = [&](int u, int channel) {
    int position = 0;
    for (const Channels& part : output(u)) {
      position += part.width();
      if (channel < position) return part.vertex;
    }
    return 0;
  };
  for (std::size_t i = 0; i + 1 < bounds.size(); ++i) {
    bool all_constant = true;
    bool all_zero = true;
    bool any_zero = false;
    for (const int u : live) {
      const int source = source_at(u, bounds[i]);
      all_constant = all_constant && source < 0;
      all_zero = all_zero && source == Channels::kZero;
      any_zero = any_zero || source == Channels::kZero;
    }
    const bool zeros = (product && any_zero) || (all_zero && keeps_zero(op) && live.size() == given.size());
    const int source = zeros ? Channels::kZero : all_constant ? Channels::kConstant : v;
    append(source < 0 ? Channels{source, 0, bounds[i + 1] - bounds[i]} : Channels{v, bounds[i], bounds[i + 1]});
  }
  return true;
}

}  // namespace gensynth
