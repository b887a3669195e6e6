#include "constraints/structure/parallel.hpp"

#include <algorithm>

namespace gensynth::structure {
namespace {

std::size_t at(int v) { return static_cast<std::size_t>(v); }

/// The weight of a set from the MACs of its branches.
struct Weight {
  int count = 0;
  std::int64_t sum = 0;
  double squares = 0;
  void add(std::int64_t macs) {
    ++count;
    sum += macs;
    squares += static_cast<double>(macs) * static_cast<double>(macs);
  }
  /// A bound from above, with room for rounding.
  double value() const {
    return sum > 0 ? (static_cast<double>(sum) - squares / static_cast<double>(sum)) * (1 + 1e-12) : 0;
  }
};

}  // namespace

ParallelSearch::ParallelSearch(const Contraction& graph, const ColumnTerms& terms)
    : graph_(graph),
      terms_(terms),
      meter_(graph),
      best_(at(graph.stages())),
      nearest_(at(graph.stages())),
      near_macs_(at(graph.stages()), 0),
      sets_(at(graph.stages())) {}

std::vector<ParallelSet> ParallelSearch::run() {
  for (int n = graph_.size() - 1; n >= 0; --n) {
    if (graph_.standing(n) && graph_.children(n).size() > 1) search_under(n);
  }
  for (std::size_t s = 0; s < best_.size(); ++s) {
    if (best_[s].finding != StageFinding::columns) best_[s] = std::move(nearest_[s]);
    best_[s].near_macs = near_macs_[s];
  }
  return std::move(best_);
}

void ParallelSearch::search_under(int fork) {
  if (!list_children(fork)) return;
  const std::size_t count = children_.size();
  const auto stages = at(graph_.stages());
  macs_.resize(count * stages);
  component_.resize(count);
  spatial_.resize(count);
  series_.resize(count);
  has_series_.resize(count);
  for (int level = 0; level < levels_; ++level) search_from(level);
}

int ParallelSearch::child_of(int node, int fork) const {
  const int place = graph_.place(node);
  const auto children = graph_.children(fork);
  const auto after = std::upper_bound(children.begin(), children.end(), place,
                                      [&](int value, int child) { return value < graph_.place(child); });
  return static_cast<int>(after - children.begin()) - 1;
}

/// Levels, ends and edges of the nodes under the fork. False where no two of them are side by side.
bool ParallelSearch::list_children(int fork) {
  fork_ = fork;
  children_.clear();
  edges_.clear();
  levels_ = 0;
  for (const int node : graph_.children(fork)) {
    Child child{.node = node};
    const int index = static_cast<int>(children_.size());
    const std::size_t first = edges_.size();
    for (const int u : graph_.inputs(node)) {
      if (u == fork || !graph_.below(u, fork)) continue;
      const int from = child_of(u, fork);
      child.level = std::max(child.level, children_[at(from)].level + 1);
      edges_.push_back({from, index});
    }
    for (std::size_t e = first; e < edges_.size(); ++e) {
      Child& from = children_[at(edges_[e].from)];
      from.end = from.end == 0 ? child.level : std::min(from.end, child.level);
    }
    levels_ = std::max(levels_, child.level + 1);
    children_.push_back(child);
  }
  if (levels_ >= static_cast<int>(children_.size())) return false;  // one after the other
  for (Child& child : children_) {
    if (child.end == 0) child.end = levels_;
  }
  by_level_.resize(children_.size());
  for (std::size_t c = 0; c < children_.size(); ++c) by_level_[c] = static_cast<int>(c);
  std::stable_sort(by_level_.begin(), by_level_.end(),
                   [&](int a, int b) { return children_[at(a)].level < children_[at(b)].level; });
  std::stable_sort(edges_.begin(), edges_.end(),
                   [&](const Edge& a, const Edge& b) { return children_[at(a.to)].level < children_[at(b.to)].level; });
  return true;
}

int ParallelSearch::find(int child) {
  while (component_[at(child)] != child) {
    component_[at(child)] = component_[at(component_[at(child)])];
    child = component_[at(child)];
  }
  return child;
}

/// Evaluates the branches that exist at the level, then repeats after each meeting until all have met.
void ParallelSearch::search_from(int level) {
  const auto stages = at(graph_.stages());
  const auto open = [&](int child) {
    component_[at(child)] = child;
    spatial_[at(child)] = meter_.spatial_below(children_[at(child)].node);
    has_series_[at(child)] = 0;
    const std::int64_t* below = graph_.macs_below(children_[at(child)].node);
    std::copy(below, below + stages, macs_.begin() + static_cast<std::ptrdiff_t>(at(child) * stages));
  };
  std::fill(component_.begin(), component_.end(), -1);
  roots_.clear();
  std::size_t next = 0;
  for (; next < by_level_.size() && children_[at(by_level_[next])].level <= level; ++next) {
    const int child = by_level_[next];
    if (children_[at(child)].end <= level) continue;
    open(child);
    roots_.push_back(child);
  }
  std::size_t edge = 0;
  while (edge < edges_.size() && children_[at(edges_[edge].to)].level <= level) ++edge;
  for (int last = level + 1; roots_.size() > 1; ++last) {
    if (last == levels_) {
      evaluate(-1);
      return;
    }
    // Branches that meet at this level are evaluated before they are joined.
    int meeting = -1;
    int joining = -1;
    int branch_of_first = -1;
    for (std::size_t e = edge; e < edges_.size() && children_[at(edges_[e].to)].level == last; ++e) {
      if (component_[at(edges_[e].from)] < 0) continue;
      const int from = find(edges_[e].from);
      if (edges_[e].to != joining) {  // the edges of one node stand together
        joining = edges_[e].to;
        branch_of_first = from;
      } else if (from != branch_of_first) {
        const int node = children_[at(joining)].node;
        if (meeting < 0 || key(node) < key(meeting)) meeting = node;
      }
    }
    if (meeting >= 0) evaluate(meeting);
    for (; next < by_level_.size() && children_[at(by_level_[next])].level == last; ++next) open(by_level_[next]);
    for (; edge < edges_.size() && children_[at(edges_[edge].to)].level == last; ++edge) {
      if (component_[at(edges_[edge].from)] < 0) continue;
      const int from = find(edges_[edge].from);
      const int to = find(edges_[edge].to);
      if (from == to) continue;
      // The older branch stays the root.
      const int root = std::min(from, to);
      const int other = std::max(from, to);
      component_[at(other)] = root;
      has_series_[at(root)] = 0;
      spatial_[at(root)] += spatial_[at(other)];
      for (std::size_t s = 0; s < stages; ++s) macs_[at(root) * stages + s] += macs_[at(other) * stages + s];
      std::erase(roots_, other);
    }
  }
}

void ParallelSearch::evaluate(int meeting) {
  for (int stage = 0; stage < graph_.stages(); ++stage) {
    if (graph_.stage_macs(stage) > 0) evaluate(stage, meeting);
  }
}

void ParallelSearch::evaluate(int stage, int meeting) {
  // The MACs alone rule out most sets, which saves the evaluation of their branches.
  shares_.clear();
  Weight all;
  Weight large;
  for (const int root : roots_) {
    const std::int64_t macs = macs_[at(root) * at(graph_.stages()) + at(stage)];
    if (macs == 0) continue;
    shares_.push_back({macs, root});
    all.add(macs);
    if (static_cast<double>(macs) >= least_macs(stage)) large.add(macs);
  }
  const ParallelSet& best = best_[at(stage)];
  const ParallelSet& nearest = nearest_[at(stage)];
  if (best.finding != StageFinding::columns && all.count > 1) come_near(stage);
  if (large.count > 1) {
    if (large.value() < best.weight || add_columns(stage, meeting)) return;
    const StageFinding finding = early_ ? StageFinding::early : StageFinding::thin;
    if (finding < nearest.finding || (finding == nearest.finding && large.value() < nearest.weight)) return;
    offer(finding, stage, meeting, least_macs(stage));
  } else if (all.count > 1 && best.finding != StageFinding::columns && nearest.finding <= StageFinding::small &&
             all.value() >= nearest.weight) {
    offer(StageFinding::small, stage, meeting, 0);
  }
}

/// Records branches that are columns in every respect but their MACs.
void ParallelSearch::come_near(int stage) {
  std::int64_t& known = near_macs_[at(stage)];
  const auto candidate = [&](const auto& share) {
    return share.first > known && spatial_[at(share.second)] >= terms_.min_series;
  };
  if (std::count_if(shares_.begin(), shares_.end(), candidate) < 2) return;
  std::int64_t most = 0;
  std::int64_t second = 0;
  for (const auto& share : shares_) {
    if (!candidate(share) || series(share.second).count < terms_.min_series || !series(share.second).mixes) continue;
    second = std::max(second, std::min(most, share.first));
    most = std::max(most, share.first);
  }
  known = std::max(known, second);
}

/// Makes the branches of at least so many MACs the nearest set, if they are better than it.
void ParallelSearch::offer(StageFinding finding, int stage, int meeting, double least) {
  ParallelSet set;
  set.finding = finding;
  set.fork = fork_;
  set.meeting = meeting;
  for (const auto& [macs, root] : shares_) {
    if (static_cast<double>(macs) < least) continue;
    set.branches.push_back(finding == StageFinding::small ? Branch{macs, {}, {}} : branch(root, stage));
  }
  weigh(set);
  ParallelSet& nearest = nearest_[at(stage)];
  if (finding > nearest.finding || better(set, nearest)) nearest = std::move(set);
}

/// Whether the window has columns of the stage. Sets early_ where branches are too short for it.
bool ParallelSearch::add_columns(int stage, int meeting) {
  early_ = false;
  std::vector<int> roots;
  for (const auto& [macs, root] : shares_) {
    if (static_cast<double>(macs) < least_macs(stage)) continue;
    if (spatial_[at(root)] < terms_.min_series) {
      early_ = true;
      continue;
    }
    const Series& found = series(root);
    early_ = early_ || found.count < terms_.min_series;
    if (found.count >= terms_.min_series && found.mixes) roots.push_back(root);
  }
  if (roots.size() < 2) return false;
  ParallelSet columns;
  columns.finding = StageFinding::columns;
  columns.fork = fork_;
  columns.meeting = meeting;
  for (const int root : roots) columns.branches.push_back(branch(root, stage));
  expand(columns, roots, stage);
  weigh(columns);
  keep(std::move(columns), stage);
  return true;
}

}  // namespace gensynth::structure
