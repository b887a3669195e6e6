#include "constraints/structure/series.hpp"

#include <algorithm>

#include "architecture/rewrite/window.hpp"
#include "constraints/structure/gates.hpp"

namespace gensynth::structure {
namespace {

std::size_t at(int v) { return static_cast<std::size_t>(v); }

/// The taps of a convolution by axis that see the map beside its centre; 1x1 without a window.
Pair window(const CanonicalForm& form, int n) {
  const auto* convolution = std::get_if<Convolution>(&form.op(n));
  if (convolution == nullptr || form[n].taps == Pair{1, 1}) return {1, 1};
  return frequent_taps(*convolution, form.input_shape(n), form.shape(n));
}

}  // namespace

SeriesMeter::SeriesMeter(const Contraction& graph)
    : graph_(graph), spatial_below_(at(graph.size()), 0), lengths_(at(graph.size())), mark_(at(graph.size()), 0) {
  for (int n = graph.size() - 1; n > 0; --n) {
    if (!graph.standing(n)) continue;
    if (spatial(n)) ++spatial_below_[at(n)];
    spatial_below_[at(graph.dominator(n))] += spatial_below_[at(n)];
  }
}

bool SeriesMeter::spatial(int n) const {
  const CanonicalForm& form = graph_.structure().form();
  if (graph_.gate(n) >= 0) return graph_.structure().gates().all[at(graph_.gate(n))].spatial;
  const Pair taps = window(form, n);
  return taps.h > 1 || taps.w > 1 || attends(form, n);
}

SeriesMeter::Kind SeriesMeter::kind(int n) const {
  const Structure& structure = graph_.structure();
  const CanonicalForm& form = structure.form();
  if (graph_.gate(n) >= 0) {
    const Gate& gate = structure.gates().all[at(graph_.gate(n))];
    return {gate.spatial, gate.spatial, true, gate.mixing};
  }
  const CanonicalNode& node = form[n];
  Kind kind;
  kind.nonlinear = node.activated;
  // A shuffle only moves channels.
  kind.mixes = node.flow != ChannelFlow::each && node.fan_in > 1 && !std::holds_alternative<ChannelShuffle>(form.op(n));
  std::visit(
      Overloaded{[&](const Convolution&) {
                   const Pair extent = structure.extent(n);  // an axis of one place has nothing to mix
                   const Pair taps = window(form, n);
                   const bool h = taps.h > 1;
                   const bool w = taps.w > 1;
                   kind.spatial_h = extent.h == 1 ? w : h;
                   kind.spatial_w = extent.w == 1 ? h : w;
                 },
                 [&](const MultiHeadAttention&) {
                   kind.spatial_h = kind.spatial_w = attends(form, n);
                   kind.nonlinear = kind.nonlinear || attends(form, n);
                 },
                 [&](const CrossCovarianceAttention&) { kind.nonlinear = true; },
                 [&](const LayerNorm&) { kind.nonlinear = true; }, [&](const Activation&) { kind.nonlinear = true; },
                 [&](const Pool& pool) {
                   const bool max = pool.kind == PoolKind::max && !(node.taps == Pair{1, 1});
                   kind.nonlinear = kind.nonlinear || max;
                 },
                 [&](const Multiply&) { kind.nonlinear = kind.nonlinear || form.inputs(n).size() > 1; },
                 [](const auto&) {}},
      form.op(n));
  return kind;
}

void SeriesMeter::pass(Length& length, bool spatial, bool nonlinear) {
  if (spatial) {
    length.open = length.closed >= 0 ? std::max(length.closed + 1, length.open) : length.open;
    length.closed = -1;
  }
  if (nonlinear) {
    length.closed = length.count();
    length.open = -1;
  }
}

void SeriesMeter::keep_longer(Length& length, const Length& other) {
  length.closed = std::max(length.closed, other.closed);
  length.open = std::max(length.open, other.open);
}

Series SeriesMeter::measure(const std::vector<int>& nodes) {
  ++round_;
  for (const int n : nodes) mark_[at(n)] = round_;
  Series series;
  for (const int n : nodes) {
    Lengths lengths;
    bool reads_own = false;
    for (const int u : graph_.inputs(n)) {
      if (mark_[at(u)] != round_) continue;
      reads_own = true;
      keep_longer(lengths.h, lengths_[at(u)].h);
      keep_longer(lengths.w, lengths_[at(u)].w);
    }
    if (!reads_own) lengths.h.closed = lengths.w.closed = 0;
    const Kind own = kind(n);
    pass(lengths.h, own.spatial_h, own.nonlinear);
    pass(lengths.w, own.spatial_w, own.nonlinear);
    series.mixes = series.mixes || (own.mixes && (reads_own || graph_.gate(n) >= 0));
    series.count = std::max(series.count, std::min(lengths.h.count(), lengths.w.count()));
    lengths_[at(n)] = lengths;
  }
  return series;
}

}  // namespace gensynth::structure
