#pragma once

#include <string>
#include <vector>

#include "constraints/constraint.hpp"
#include "search/run/search_context.hpp"

namespace gensynth::analysis {

/// Counts how often random networks meet the hard constraints that need no training, alone and in pairs.
class ConflictCounter {
 public:
  explicit ConflictCounter(const constraints::ConstraintSet& constraints);
  /// The verdicts of one network, of an exhaustive assessment.
  void add(const std::vector<constraints::Verdict>& verdicts);

  /// One sentence for each constraint that no network met and for each pair of constraints that exclude each other:
  /// both are met often enough that some network ought to meet both, and none does. One for all together where no
  /// network meets all of them and neither explains it. Empty when some network is feasible.
  std::vector<std::string> conflicts() const;
  int feasible() const { return feasible_; }

 private:
  std::vector<std::string> names_;
  std::vector<std::vector<int>> both_;  ///< [i][j]: networks that meet i and j; [i][i]: that meet i
  int networks_ = 0;
  int feasible_ = 0;
};

/// The conflicts that `samples` random networks show. Deterministic in `seed`.
std::vector<std::string> conflicts(const run::SearchContext& parts, int samples, std::uint64_t seed);

}  // namespace gensynth::analysis
