#include <algorithm>

#include "constraints/structure/parallel.hpp"

// The sets that ParallelSearch finds: what makes one better than another, and their branches.

namespace gensynth::structure {
namespace {

std::size_t at(int v) { return static_cast<std::size_t>(v); }

bool heavier(const Branch& a, const Branch& b) { return a.macs > b.macs; }
bool lighter(const Branch& a, const Branch& b) { return a.macs < b.macs; }

}  // namespace

void weigh(ParallelSet& set) {
  std::stable_sort(set.branches.begin(), set.branches.end(), heavier);
  set.macs = 0;
  double squares = 0;
  for (const Branch& branch : set.branches) {
    set.macs += branch.macs;
    squares += static_cast<double>(branch.macs) * static_cast<double>(branch.macs);
  }
  const auto sum = static_cast<double>(set.macs);
  set.weight = sum > 0 ? sum - squares / sum : 0;
}

/// Whether a is the better set of a stage: by weight, then by the branches' MACs, then by what they meet in, so that
/// the order of vertices decides nothing.
bool ParallelSearch::better(const ParallelSet& a, const ParallelSet& b) const {
  if (a.weight != b.weight) return a.weight > b.weight;
  if (a.macs != b.macs) return a.macs > b.macs;
  const auto less = [](const ParallelSet& x, const ParallelSet& y) {
    return std::lexicographical_compare(x.branches.begin(), x.branches.end(), y.branches.begin(), y.branches.end(),
                                        lighter);
  };
  if (less(b, a)) return true;
  return !less(a, b) && key(a.meeting) < key(b.meeting);
}

/// The operator and shape of a meeting, so that equal meetings are recognised.
std::tuple<int, int, int, int> ParallelSearch::key(int n) const {
  if (n < 0) return {-1, 0, 0, 0};
  const CanonicalForm& form = graph_.structure().form();
  const Shape& shape = form.shape(n);
  return {static_cast<int>(form.op(n).index()), shape.channels, shape.height, shape.width};
}

void ParallelSearch::keep(ParallelSet set, int stage) {
  if (better(set, best_[at(stage)])) best_[at(stage)] = set;
  auto& sets = sets_[at(stage)];
  if (!sets.empty() && sets.back().fork == set.fork) {
    if (better(set, sets.back())) sets.back() = std::move(set);
  } else {
    sets.push_back(std::move(set));
  }
}

bool ParallelSearch::contains(int root, int node) const {
  for (std::size_t c = 0; c < children_.size(); ++c) {
    int top = static_cast<int>(c);
    if (component_[c] < 0) continue;
    while (component_[at(top)] != top) top = component_[at(top)];
    if (top == root && graph_.below(node, children_[c].node)) return true;
  }
  return false;
}

/// Replaces a column that forks into columns of its own by those, if they have the larger weight.
void ParallelSearch::expand(ParallelSet& set, const std::vector<int>& roots, int stage) const {
  for (std::size_t b = 0; b < roots.size(); ++b) {
    const ParallelSet* inner = nullptr;
    for (const ParallelSet& other : sets_[at(stage)]) {
      if (other.fork == fork_ || (inner != nullptr && !better(other, *inner))) continue;
      if (contains(roots[b], other.fork)) inner = &other;
    }
    if (inner == nullptr) continue;
    ParallelSet with = set;
    const auto place = std::find_if(with.branches.begin(), with.branches.end(), [&](const Branch& branch) {
      return !branch.nodes.empty() && contains(roots[b], branch.nodes.front()) && branch.macs > inner->macs;
    });
    if (place == with.branches.end()) continue;
    with.branches.erase(place);
    with.branches.insert(with.branches.end(), inner->branches.begin(), inner->branches.end());
    ParallelSet plain = set;
    weigh(with);
    weigh(plain);
    if (with.weight > plain.weight) set = std::move(with);
  }
}

std::vector<int> ParallelSearch::nodes_of(int root) const {
  std::vector<int> nodes;
  for (std::size_t c = 0; c < children_.size(); ++c) {
    int top = static_cast<int>(c);
    if (component_[c] < 0) continue;
    while (component_[at(top)] != top) top = component_[at(top)];
    if (top != root) continue;
    const auto first = graph_.order().begin() + graph_.place(children_[c].node);
    nodes.insert(nodes.end(), first, first + graph_.weight(children_[c].node));
  }
  std::sort(nodes.begin(), nodes.end());
  return nodes;
}

const Series& ParallelSearch::series(int root) {
  if (has_series_[at(root)] == 0) {
    series_[at(root)] = meter_.measure(nodes_of(root));
    has_series_[at(root)] = 1;
  }
  return series_[at(root)];
}

Branch ParallelSearch::branch(int root, int stage) {
  Branch branch{macs_[at(root) * at(graph_.stages()) + at(stage)], series(root), nodes_of(root)};
  std::erase_if(branch.nodes, [&](int n) { return graph_.stage(n) != stage; });
  return branch;
}

}  // namespace gensynth::structure
