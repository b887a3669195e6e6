#include "constraints/structure/contraction.hpp"

#include <algorithm>
#include <numeric>
#include <tuple>

#include "constraints/structure/dominators.hpp"
#include "constraints/structure/gates.hpp"

namespace gensynth::structure {
namespace {

std::size_t at(int v) { return static_cast<std::size_t>(v); }

}  // namespace

Contraction::Contraction(const Structure& structure) : structure_(structure), gates_(structure.gates()) {
  contract();
  build_tree();
  count();
}

void Contraction::contract() {
  const CanonicalForm& form = structure_.form();
  const Gates& gates = gates_;
  const int n = form.size();
  stand_in_.resize(at(n));
  std::iota(stand_in_.begin(), stand_in_.end(), 0);
  for (const Gate& gate : gates.all) {
    const int exit = gate.exits.front();
    if (gates.contracted(exit) < 0 || &gates.all[at(gates.contracted(exit))] != &gate) continue;
    for (const int inside : gate.nodes) stand_in_[at(inside)] = exit;
    for (const int other : gate.exits) stand_in_[at(other)] = exit;
  }
  input_rows_.assign(at(n) + 1, 0);
  inputs_.reserve(at(n) * 2);
  for (int v = 0; v < n; ++v) {
    const std::size_t first = inputs_.size();
    const auto add = [&](int u) {
      const int stands = stand_in(u);
      if (std::find(inputs_.begin() + static_cast<std::ptrdiff_t>(first), inputs_.end(), stands) == inputs_.end()) {
        inputs_.push_back(stands);
      }
    };
    if (gate(v) >= 0) {
      for (const int entry : gates.all[at(gate(v))].entries) add(entry);
    } else if (standing(v)) {
      for (const int u : form.inputs(v)) add(u);
    }
    input_rows_[at(v) + 1] = static_cast<int>(inputs_.size());
  }
}

/// Computes dominators with one exception. A node may read its own dominator and also values that were computed from
/// that dominator, as a residual addition does. Such a node is placed after those values, because the direct edge is
/// not a branch of its own.
void Contraction::dominate() {
  dominator_.assign(at(size()), 0);
  std::vector<int> left;
  for (int v = 1; v < size(); ++v) {
    const auto all = inputs(v);
    if (all.empty()) continue;
    int common = all.front();
    for (const int u : all) common = common_dominator(dominator_, common, u);
    if (all.size() > 1 && std::find(all.begin(), all.end(), common) != all.end()) {
      left.assign(all.begin(), all.end());
      while (left.size() > 1 && std::erase(left, common) > 0) {
        common = left.front();
        for (const int u : left) common = common_dominator(dominator_, common, u);
      }
    }
    dominator_[at(v)] = common;
  }
}

void Contraction::build_tree() {
  const int n = size();
  dominate();
  child_rows_.assign(at(n) + 1, 0);
  weight_.assign(at(n), 0);
  for (int v = n - 1; v > 0; --v) {
    if (!standing(v)) continue;
    ++child_rows_[at(dominator(v)) + 1];
    ++weight_[at(v)];
    weight_[at(dominator(v))] += weight_[at(v)];
  }
  ++weight_[0];
  for (int v = 0; v < n; ++v) child_rows_[at(v) + 1] += child_rows_[at(v)];
  children_.resize(at(child_rows_[at(n)]));
  std::vector<int> next_child(child_rows_.begin(), child_rows_.end() - 1);
  std::vector<int> next_place(at(n), 0);
  place_.assign(at(n), 0);
  order_.assign(at(weight_[0]), 0);
  next_place[0] = 1;
  for (int v = 1; v < n; ++v) {
    if (!standing(v)) continue;
    const int parent = dominator(v);
    children_[at(next_child[at(parent)]++)] = v;
    place_[at(v)] = next_place[at(parent)];
    next_place[at(parent)] += weight_[at(v)];
    next_place[at(v)] = place_[at(v)] + 1;
    order_[at(place_[at(v)])] = v;
  }
}

int Contraction::stage_of(const Pair& extent) {
  for (std::size_t s = 0; s < extents_.size(); ++s) {
    if (extents_[s] == extent) return static_cast<int>(s);
  }
  extents_.push_back(extent);
  return static_cast<int>(extents_.size()) - 1;
}

/// Maps that differ by less than a third of their sides are of one stage: windows without padding, and even ones,
/// change the border of a map, which makes no resolution of its own. The largest map names the stage.
void Contraction::merge_stages() {
  const auto count = static_cast<int>(extents_.size());
  std::vector<int> descending(extents_.size());
  std::iota(descending.begin(), descending.end(), 0);
  const auto size = [&](int s) {
    const Pair& extent = extents_[at(s)];
    return std::tuple(std::int64_t{extent.h} * extent.w, extent.h, extent.w);
  };
  std::sort(descending.begin(), descending.end(), [&](int a, int b) { return size(a) > size(b); });
  std::vector<Pair> merged;
  std::vector<int> stages(extents_.size());
  for (int i = 0; i < count; ++i) {
    const Pair& extent = extents_[at(descending[at(i)])];
    const auto same = std::find_if(merged.begin(), merged.end(), [&](const Pair& other) {
      return 3 * extent.h > 2 * other.h && 3 * other.h > 2 * extent.h && 3 * extent.w > 2 * other.w &&
             3 * other.w > 2 * extent.w;
    });
    stages[at(descending[at(i)])] = static_cast<int>(same - merged.begin());
    if (same == merged.end()) merged.push_back(extent);
  }
  extents_ = std::move(merged);
  for (int& stage : stage_) stage = stage < 0 ? stage : stages[at(stage)];
}

void Contraction::count() {
  const CanonicalForm& form = structure_.form();
  const int n = size();
  stage_.assign(at(n), -1);
  macs_.assign(at(n), 0);
  for (int v = 0; v < n; ++v) {
    if (standing(v) && !structure_.head(v)) stage_[at(v)] = stage_of(structure_.extent(v));
    macs_[at(stand_in(v))] += form[v].macs;
  }
  merge_stages();
  stage_macs_.assign(extents_.size(), 0);
  below_.assign(at(n) * extents_.size(), 0);
  for (int v = n - 1; v >= 0; --v) {
    if (!standing(v)) continue;
    std::int64_t* below = below_.data() + at(v) * extents_.size();
    if (stage(v) >= 0) {
      stage_macs_[at(stage(v))] += macs(v);
      below[stage(v)] += macs(v);
    }
    if (v == 0) continue;
    std::int64_t* parent = below_.data() + at(dominator(v)) * extents_.size();
    for (std::size_t s = 0; s < extents_.size(); ++s) parent[s] += below[s];
  }
}

}  // namespace gensynth::structure
