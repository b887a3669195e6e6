#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "search/simulation/surrogate_objective.hpp"

namespace gensynth::simulation {

struct SurrogateBenchmarkOptions {
  std::vector<std::string> strategies;  ///< kinds, with their default options
  int trials = 100;                     ///< candidates that one search may evaluate
  std::int64_t proposals = 200'000;     ///< maximum number of proposals, including those that structural checks reject
  int repeats = 30;
  std::uint64_t seed = 1;
};

/// The state of one search after a number of trials. U is computed without noise, so that a lucky training gains
/// nothing. Candidates that their measured accuracy makes infeasible count as trials only.
struct SurrogatePoint {
  std::optional<double>
      chosen;  ///< U of the winner (inquisitor/surrogate/winner.hpp); nothing as long as no trial is feasible
  std::optional<double> best;  ///< highest U among its trials
  /// Hypervolume of accuracy by latency of its trials, as a share of the rectangle between the lowest trained
  /// accuracy at the highest trained latency and the highest trained accuracy at no latency.
  double hypervolume = 0;
};

struct SurrogateCurve {
  std::map<int, SurrogatePoint> points;  ///< by number of trials
  int trials = 0;                        ///< fewer than requested when proposals ran out
  int feasible = 0;                      ///< of them
  std::int64_t proposals = 0;
};

/// Searches like a run, with a surrogate objective instead of training: the same structural checks, deduplication by
/// hash, window of `batch` trials and limit of proposals for every strategy.
class SurrogateBenchmark {
 public:
  /// Throws Error for a job whose objective does not use the accuracy of the trained candidates.
  explicit SurrogateBenchmark(const TrainedCandidates& trained);
  ~SurrogateBenchmark();
  /// The same repeat of two strategies starts from the same random generator; a training of one network has the
  /// same result in both.
  SurrogateCurve search(const std::string& strategy, const SurrogateBenchmarkOptions& options, int repeat) const;
  const SurrogateObjective& objective() const;

 private:
  struct Setting;
  std::unique_ptr<Setting> setting_;
};

}  // namespace gensynth::simulation
