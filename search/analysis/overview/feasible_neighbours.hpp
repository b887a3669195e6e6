#pragma once

#include <optional>
#include <string>
#include <vector>

#include "search/run/search_context.hpp"
#include "search/trial/trial.hpp"

namespace gensynth::analysis::overview {

/// An infeasible trial with one decision changed, so that it meets every hard constraint that needs no training.
struct FeasibleNeighbour {
  std::string decision;  ///< "stage2.downsampling"
  std::string from, to;  ///< labels of the answers
  /// Changes of the metrics against the trial; nothing where one of the two has no such metric.
  std::optional<double> latency_ms, params, macs, top1;
};

/// The trials one change away from feasible.
struct NearMiss {
  std::int64_t trial = 0;
  std::string rule;
  double violation = 0;                    ///< relative, of the rule that rejected the trial
  std::vector<FeasibleNeighbour> changes;  ///< by rising absolute change of latency
};

/// Looks at the `most` trials that a constraint without training rejected with the smallest relative violation, each
/// genotype once, and assesses all their neighbours. Trials without such a change are left out. Computed, not predicted
/// by a surrogate. Deterministic; runs on the TBB pool.
std::vector<NearMiss> near_misses(const run::SearchContext& parts, const std::vector<trial::Trial>& trials, int most);

}  // namespace gensynth::analysis::overview
