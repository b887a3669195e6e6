#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "search/simulation/score_table.hpp"

namespace gensynth::simulation {

struct TableBenchmarkOptions {
  std::vector<std::string> strategies;  ///< kinds, with their default options
  int queries = 300;
  int repeats = 50;
  std::uint64_t seed = 1;
};

/// The state of one search after a number of queries.
struct SearchPoint {
  double score = 0;   ///< the best it queried
  double report = 0;  ///< of the winner (inquisitor/surrogate/winner.hpp), which a run would return
};

struct SearchCurve {
  std::optional<int> queries_to_optimum;  ///< nothing: not within the queries of the benchmark
  std::map<int, SearchPoint> points;      ///< by number of queries
};

/// One search on the table. A query is the first request of a row; repeated requests do not count. A strategy observes
/// the score as an accuracy and nothing else of the table. The search ends after a hundred thousand proposals in a row
/// of rows already known; its last point then stands for all later ones.
SearchCurve search_table(const ScoreTable& table, const nasbench201::NasBench201Space& space,
                         const std::string& strategy, const TableBenchmarkOptions& options, int repeat);

/// Over all repeats of one strategy.
struct StrategySummary {
  std::string strategy;
  std::optional<double> median_queries_to_optimum;  ///< nothing: that share did not find it
  std::optional<double> p90_queries_to_optimum;
  double found = 0;  ///< share of repeats that found the optimum
  std::map<int, SearchPoint> mean;
  std::map<int, SearchPoint> standard_error;  ///< of the mean
};

/// All repeats of all strategies, on the TBB pool. The same repeat of two strategies starts from the same random
/// generator. Deterministic in the options. Throws Error for an unknown strategy.
std::vector<StrategySummary> benchmark_on_table(const ScoreTable& table, const nasbench201::NasBench201Space& space,
                                                const TableBenchmarkOptions& options);

nlohmann::ordered_json to_json(const std::vector<StrategySummary>& summaries);

}  // namespace gensynth::simulation
