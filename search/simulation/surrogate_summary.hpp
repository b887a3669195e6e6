#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "architecture/base/statistics.hpp"
#include "search/simulation/surrogate_benchmark.hpp"

namespace gensynth::simulation {

/// Means over repeats.
struct SurrogateSummary {
  std::string strategy;
  struct Point {
    MeanInterval chosen, best;  ///< over those repeats in which a trial was feasible
    MeanInterval hypervolume;
    int searches = 0;  ///< repeats in which a trial was feasible
  };
  std::map<int, Point> points;
  /// Lead of the first strategy over this one, paired by repeat, since both start from the same random generator. Empty
  /// for the first strategy.
  std::map<int, Point> behind;
  MeanInterval feasible;        ///< share of trials that were feasible once measured
  std::int64_t infeasible = 0;  ///< trials that were not
  double proposals = 0;         ///< mean number
  int cut_short = 0;            ///< repeats in which proposals ran out
};

/// All repeats of all strategies on the TBB pool. Deterministic in the options. Throws Error for an unknown strategy.
std::vector<SurrogateSummary> run_surrogate_benchmark(const SurrogateBenchmark& benchmark,
                                                      const SurrogateBenchmarkOptions& options);

nlohmann::ordered_json to_json(const std::vector<SurrogateSummary>& summaries);

}  // namespace gensynth::simulation
