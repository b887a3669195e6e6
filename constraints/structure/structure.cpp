#include "constraints/structure/structure.hpp"

#include <algorithm>

#include "constraints/structure/columns.hpp"
#include "constraints/structure/dominators.hpp"
#include "constraints/structure/gates.hpp"

namespace gensynth::structure {
namespace {

std::size_t at(int v) { return static_cast<std::size_t>(v); }

std::int64_t places(const Pair& extent) { return std::int64_t{extent.h} * extent.w; }

bool is_point(const Shape& shape) { return shape.height == 1 && shape.width == 1; }

/// Places that one step passes; fractional steps of a resize are rounded up.
int step(int from, int to) { return to >= from ? 1 : (from + to - 1) / to; }

}  // namespace

Structure::Structure(const Architecture& architecture)
    : form_(architecture), extents_(at(form_.size())), head_(at(form_.size()), 0) {
  for (int n = 0; n < form_.size(); ++n) {
    const Shape& shape = form_.shape(n);
    const auto inputs = form_.inputs(n);
    const bool from_pooled =
        !inputs.empty() && std::all_of(inputs.begin(), inputs.end(), [&](int u) { return head_[at(u)] != 0; });
    const bool pooled = pools_globally(form_, n) || shape.layout == Layout::vector || (from_pooled && is_point(shape));
    head_[at(n)] = pooled ? 1 : 0;  // refined below: only while no map reads it again
    extents_[at(n)] = {shape.height, shape.width};
    if (inputs.empty() || !(pooled || shape.layout == Layout::tokens)) continue;
    extents_[at(n)] = extents_[at(inputs.front())];
    for (const int u : inputs) {  // of several maps the largest
      const Pair& other = extents_[at(u)];
      const Pair& most = extents_[at(n)];
      if (places(other) > places(most) || (places(other) == places(most) && other.h > most.h)) extents_[at(n)] = other;
    }
  }
  for (int n = form_.size() - 1; n >= 0; --n) {
    if (head_[at(n)] == 0) continue;
    const auto users = form_.users(n);
    head_[at(n)] = std::all_of(users.begin(), users.end(), [&](int u) { return head_[at(u)] != 0; }) ? 1 : 0;
  }
}

Structure::~Structure() = default;

const std::vector<int>& Structure::dominator() const {
  if (dominator_.empty()) dominator_ = dominators(form_.size(), [&](int n) { return form_.inputs(n); });
  return dominator_;
}

const std::vector<int>& Structure::vertex_dominator() const {
  if (!vertex_dominator_.empty()) return vertex_dominator_;
  const ChannelView& view = form_.view();
  if (!view.has_constants()) {
    vertex_dominator_ = dominators(view.architecture().size(), [&](int v) { return view.inputs(v); });
    return vertex_dominator_;
  }
  std::vector<int> live;
  vertex_dominator_ = dominators(view.architecture().size(), [&](int v) -> const std::vector<int>& {
    live.clear();
    for (const int u : view.inputs(v)) {
      if (!view.constant(u)) live.push_back(u);
    }
    return live;
  });
  return vertex_dominator_;
}

const Gates& Structure::gates() const {
  if (gates_ == nullptr) gates_ = std::make_unique<Gates>(find_gates(*this));
  return *gates_;
}

const ColumnReport& Structure::columns() const {
  if (columns_ == nullptr) columns_ = std::make_unique<ColumnReport>(measure_columns(*this));
  return *columns_;
}

bool pools_globally(const CanonicalForm& form, int n) {
  const Operator& op = form.op(n);
  if (std::holds_alternative<GlobalPool>(op)) return true;
  if (!std::holds_alternative<Pool>(op) || !is_point(form.shape(n))) return false;
  const Shape& in = form.input_shape(n);
  return form[n].taps.h == in.height && form[n].taps.w == in.width && !is_point(in);
}

Pair downsampling(const CanonicalForm& form, int n) {
  const Operator& op = form.op(n);
  const auto on_map = [&](const Pair& stride) {  // a stride on an axis of one place makes no grid coarser
    const Shape& in = form.input_shape(n);
    return Pair{in.height > 1 ? stride.h : 1, in.width > 1 ? stride.w : 1};
  };
  return std::visit(
      Overloaded{[&](const Convolution& conv) { return on_map(conv.stride); },
                 [&](const Pool& pool) {
                   return pool.stride == Pair{1, 1} || pools_globally(form, n) ? Pair{1, 1} : on_map(pool.stride);
                 },
                 [&](const BlurPool& blur) {
                   return on_map({blur.stride, blur.stride});
                 },
                 [&](const Resize&) {
                   const Shape& in = form.input_shape(n);
                   const Shape& out = form.shape(n);
                   return Pair{step(in.height, out.height), step(in.width, out.width)};
                 },
                 [](const auto&) {
                   return Pair{1, 1};
                 }},
      op);
}

bool attends(const CanonicalForm& form, int n) {
  return std::holds_alternative<MultiHeadAttention>(form.op(n)) && form.shape(n).width > 1;
}

bool mixes_places(const CanonicalForm& form, int n) {
  const Operator& op = form.op(n);
  if (std::holds_alternative<MultiHeadAttention>(op)) return attends(form, n);
  if (std::holds_alternative<BlurPool>(op)) return true;
  const bool window = std::holds_alternative<Convolution>(op) || std::holds_alternative<Pool>(op);
  return window && !(form[n].taps == Pair{1, 1}) && !pools_globally(form, n);
}

}  // namespace gensynth::structure
