#include "constraints/structure/condensing.hpp"

#include <algorithm>

#include "constraints/structure/dominators.hpp"

namespace gensynth::structure {
namespace {

std::size_t at(int v) { return static_cast<std::size_t>(v); }

int half(int extent) { return (extent + 1) / 2; }

std::int64_t places(const Shape& shape) { return std::int64_t{shape.height} * shape.width; }

bool learns(const CanonicalForm& form, int n) {
  const Operator& op = form.op(n);
  if (std::holds_alternative<Convolution>(op)) {
    return form[n].flow != ChannelFlow::each || !(form[n].taps == Pair{1, 1});
  }
  return std::holds_alternative<Linear>(op) || std::holds_alternative<MultiHeadAttention>(op) ||
         std::holds_alternative<CrossCovarianceAttention>(op);
}

/// A learned factor for each channel, or for all.
bool scales(const CanonicalForm& form, int n) {
  return std::holds_alternative<Scale>(form.op(n)) ||
         (std::holds_alternative<Convolution>(form.op(n)) && !learns(form, n));
}

class Condensing {
 public:
  Condensing(const Structure& structure, const Gate& gate)
      : form_(structure.form()), dominator_(structure.dominator()), gate_(gate) {
    const Shape& entry = form_.shape(gate.entries.front());
    entry_point_ = places(entry) == 1;
    most_places_ =
        std::max(std::int64_t{half(entry.height)} * entry.width, std::int64_t{entry.height} * half(entry.width));
    // A single place is no condensed map unless one step of condensing leads there.
    least_places_ = std::int64_t{half(entry.height)} * half(entry.width) == 1 ? 1 : 2;
    for (const int part : gate.entries) entry_channels_ += form_[part].channels();
    states_.resize(gate.nodes.size());
    first_ = gate.nodes.empty() ? 0 : gate.nodes.front();
    if (!gate.nodes.empty()) indices_.assign(at(gate.nodes.back() - first_ + 1), -1);
    for (std::size_t i = 0; i < gate.nodes.size(); ++i) indices_[at(gate.nodes[i] - first_)] = static_cast<int>(i);
  }

  CondensingFinding find() {
    if (!entry_point_ && !gate_.spatial) return {CondensingFlaw::one_place, -1};
    for (const int exit : gate_.exits) {
      if (scaled(exit)) return {CondensingFlaw::scaled, exit};
      int fork = -1;
      for (const int factor : form_.inputs(exit)) {
        if (!inside(factor)) return {CondensingFlaw::not_condensed, factor};
        fork = fork < 0 ? factor : common_dominator(dominator_, fork, factor);
      }
      follow(fork);
      for (const int factor : form_.inputs(exit)) {
        const State& state = states_[index(factor)];
        if (!state.condensed) return {CondensingFlaw::not_condensed, factor};
        if (!state.embedded) return {CondensingFlaw::not_embedded, factor};
      }
    }
    return {};
  }

 private:
  struct State {
    bool small = false;      // this node's own values are condensed
    bool condensed = false;  // on every path up to here
    bool embedded = false;   // on some path after the fork
    bool after_fork = false;
  };

  std::size_t index(int n) const { return at(indices_[at(n - first_)]); }

  /// A scale that reads the product, or makes a factor of it.
  bool scaled(int exit) const {
    for (int factor : form_.inputs(exit)) {
      while (std::holds_alternative<Resize>(form_.op(factor)) && !form_[factor].activated) {
        factor = form_.inputs(factor).front();
      }
      if (scales(form_, factor) && !form_[factor].activated) return true;
    }
    const auto users = form_.users(exit);
    return std::any_of(users.begin(), users.end(), [&](int user) { return scales(form_, user); });
  }

  /// Channels of all parts of n's vertex in the gate: a vertex may be cut where the entry is whole.
  int channels(std::size_t i) const {
    int sum = 0;
    const int vertex = form_[gate_.nodes[i]].vertex;
    while (i > 0 && form_[gate_.nodes[i - 1]].vertex == vertex) --i;
    for (; i < gate_.nodes.size() && form_[gate_.nodes[i]].vertex == vertex; ++i)
      sum += form_[gate_.nodes[i]].channels();
    return sum;
  }

  bool small(std::size_t i) const {
    const Shape& shape = form_.shape(gate_.nodes[i]);
    const int width = channels(i);
    if (entry_point_) return 2 * width <= entry_channels_;
    return places(shape) <= most_places_ && places(shape) * width <= most_places_ * entry_channels_;
  }

  void follow(int fork) {
    for (std::size_t i = 0; i < gate_.nodes.size(); ++i) {
      const int n = gate_.nodes[i];
      State state;
      state.small = small(i);
      const int before = dominator_[at(n)];
      state.after_fork = !inside(fork) || before == fork || (inside(before) && states_[index(before)].after_fork);
      bool condensed = true;
      bool reads_small = false;
      bool all_embedded = true;
      for (const int u : form_.inputs(n)) {
        if (!inside(u)) {
          condensed = all_embedded = false;
          continue;
        }
        const State& source = states_[index(u)];
        condensed = condensed && source.condensed;
        state.embedded = state.embedded || source.embedded;
        all_embedded = all_embedded && source.embedded;
        reads_small = reads_small || (source.small && (entry_point_ || places(form_.shape(u)) >= least_places_));
      }
      state.condensed = condensed || state.small;
      // An operator that reads several values and does not mix their channels is embedded only if all of them are.
      if (!joins(n)) state.embedded = all_embedded && !form_.inputs(n).empty();
      state.embedded = state.embedded || (reads_small && state.after_fork && learns(form_, n));
      // A map that is pooled to a single place weighs channels, whatever was embedded before.
      if (!entry_point_ && places(form_.shape(n)) < least_places_) state.embedded = false;
      states_[i] = state;
    }
  }

  /// True if each output value of the node depends on several input values.
  bool joins(int n) const {
    const Operator& op = form_.op(n);
    return form_[n].flow != ChannelFlow::each || std::holds_alternative<Add>(op) ||
           std::holds_alternative<Multiply>(op);
  }

  bool inside(int n) const { return n >= first_ && at(n - first_) < indices_.size() && indices_[at(n - first_)] >= 0; }

  const CanonicalForm& form_;
  const std::vector<int>& dominator_;
  const Gate& gate_;
  bool entry_point_ = false;
  std::int64_t most_places_ = 0;
  std::int64_t least_places_ = 0;
  int entry_channels_ = 0;
  int first_ = 0;
  std::vector<int> indices_;  ///< of gate_.nodes, by node from first_ on; -1 outside
  std::vector<State> states_;
};

}  // namespace

CondensingFinding find_condensing_flaw(const Structure& structure, const Gate& gate) {
  return Condensing(structure, gate).find();
}

bool is_double_condensing(const Structure& structure, const Gate& gate) {
  return find_condensing_flaw(structure, gate).flaw == CondensingFlaw::none;
}

bool downsamples_in_stages(const Structure& structure, const Gate& gate) {
  const CanonicalForm& form = structure.form();
  struct State {
    bool once = false;     // downsampled
    bool learned = false;  // and then a learned window
  };
  std::vector<State> states(gate.nodes.size());
  for (std::size_t i = 0; i < gate.nodes.size(); ++i) {
    const int n = gate.nodes[i];
    State& state = states[i];
    for (const int u : form.inputs(n)) {
      const auto found = std::lower_bound(gate.nodes.begin(), gate.nodes.end(), u);
      if (found == gate.nodes.end() || *found != u) continue;
      const State& source = states[static_cast<std::size_t>(found - gate.nodes.begin())];
      state.once = state.once || source.once;
      state.learned = state.learned || source.learned;
    }
    if (downsamples(form, n)) {
      if (state.learned) return true;
      state.once = true;
    } else if (state.once && std::holds_alternative<Convolution>(form.op(n)) && !(form[n].taps == Pair{1, 1})) {
      state.learned = true;
    }
  }
  return false;
}

}  // namespace gensynth::structure
