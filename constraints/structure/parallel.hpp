#pragma once

#include <cstdint>
#include <tuple>
#include <vector>

#include "constraints/structure/columns.hpp"
#include "constraints/structure/contraction.hpp"
#include "constraints/structure/series.hpp"

namespace gensynth::structure {

/// One branch of a set that computes side by side, restricted to one stage.
struct Branch {
  std::int64_t macs = 0;   ///< in the stage
  Series series;           ///< in all stages
  std::vector<int> nodes;  ///< in the stage; ascending, standing
};

/// Branches of a stage that compute side by side: from where they fork, or last met, to where they meet.
struct ParallelSet {
  StageFinding finding = StageFinding::trunk;
  int fork = -1;
  int meeting = -1;              ///< the node where the first of them meet, -1 for none
  std::vector<Branch> branches;  ///< most MACs first
  std::int64_t macs = 0;         ///< of all branches
  /// Consider the sets of the stage with two branches that are columns in every respect but their MACs. This is the
  /// largest value, over those sets, of the MACs of the second-largest such branch.
  std::int64_t near_macs = 0;
  /// macs (1 - 1 / N) with N = (sum m)^2 / sum m^2: the set of a stage with the largest weight counts.
  double weight = 0;
};

/// Sorts the branches and weighs the set.
void weigh(ParallelSet& set);

/// Finds the heaviest set of columns of every stage or, if a stage has none, the branches nearest to being columns.
///
/// The children of a node f in the dominator tree depend on f and on no other single node; among them, a node that
/// joins several others has a higher level than these. The branches between two levels are the connected parts between
/// these levels: whatever the structure inside a branch, two branches are separate until some node reads both.
class ParallelSearch {
 public:
  ParallelSearch(const Contraction& graph, const ColumnTerms& terms);
  std::vector<ParallelSet> run();  ///< by stage

 private:
  struct Child {
    int node;
    int level = 0;
    int end = 0;  ///< the level of the first that joins it with others
  };
  struct Edge {
    int from, to;  ///< of children_
  };

  void search_under(int fork);
  bool list_children(int fork);
  int child_of(int node, int fork) const;
  void search_from(int level);
  int find(int child);
  bool meets(int level, int& meeting);
  void evaluate(int meeting);
  void evaluate(int stage, int meeting);
  bool add_columns(int stage, int meeting);
  void come_near(int stage);
  std::tuple<int, int, int, int> key(int n) const;
  bool better(const ParallelSet& a, const ParallelSet& b) const;
  void offer(StageFinding finding, int stage, int meeting, double least);
  double least_macs(int stage) const { return terms_.min_share * static_cast<double>(graph_.stage_macs(stage)); }
  std::vector<int> nodes_of(int root) const;
  Branch branch(int root, int stage);
  const Series& series(int root);
  void expand(ParallelSet& set, const std::vector<int>& roots, int stage) const;
  bool contains(int root, int node) const;
  void keep(ParallelSet set, int stage);

  const Contraction& graph_;
  ColumnTerms terms_;
  SeriesMeter meter_;
  int levels_ = 0;
  int fork_ = 0;
  std::vector<Child> children_;     ///< by node
  std::vector<Edge> edges_;         ///< by level of `to`
  std::vector<int> by_level_;       ///< children in order of level
  std::vector<int> component_;      ///< by child: the root of its branch in the window, -1 outside
  std::vector<int> roots_;          ///< of the branches in the window
  std::vector<std::int64_t> macs_;  ///< by root and stage
  std::vector<int> spatial_;        ///< by root: spatial operators in the branch
  std::vector<Series> series_;      ///< by root
  std::vector<char> has_series_;
  std::vector<std::pair<std::int64_t, int>> shares_;  ///< MACs in the current stage, and root
  bool early_ = false;
  std::vector<ParallelSet> best_, nearest_;
  std::vector<std::int64_t> near_macs_;         ///< by stage
  std::vector<std::vector<ParallelSet>> sets_;  ///< by stage: the best set of each fork, for columns that fork again
};

}  // namespace gensynth::structure
