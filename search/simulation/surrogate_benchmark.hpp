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
  std::int64_t proposals = 200'000;     ///< all that it may propose, those rejected for free included
  int repeats = 30;
  std::uint64_t seed = 1;
};

/// What one search had after so many trials. Judged without noise: a search that fell for a lucky training gains
/// nothing by it. Candidates that their measured accuracy leaves infeasible are trials, and count for nothing else.
struct SurrogatePoint {
  std::optional<double> chosen;  ///< U of the trial that it would choose; nothing as long as none was feasible
  std::optional<double> best;    ///< highest U among its trials
  /// Area of accuracy by latency that its trials dominate, as a share of the rectangle between the lowest trained
  /// accuracy at the highest trained latency and the highest trained accuracy at no latency.
  double hypervolume = 0;
};

struct SurrogateCurve {
  std::map<int, SurrogatePoint> points;  ///< by number of trials
  int trials = 0;                        ///< fewer than asked when proposals ran out
  int feasible = 0;                      ///< of them
  std::int64_t proposals = 0;
};

/// Searches as a run does, with a stand-in for training: the same free filter, deduplication by hash, window of
/// `batch` trials and limit of proposals for every strategy.
class SurrogateBenchmark {
 public:
  /// Throws Error for a job whose objective does not rest on the accuracy that was trained.
  explicit SurrogateBenchmark(const TrainedCandidates& trained);
  ~SurrogateBenchmark();
  /// The same repeat of two strategies starts from the same random generator; a training of one network gives the
  /// same in both.
  SurrogateCurve search(const std::string& strategy, const SurrogateBenchmarkOptions& options, int repeat) const;
  const SurrogateObjective& world() const;

 private:
  struct Setting;
  std::unique_ptr<Setting> setting_;
};

}  // namespace gensynth::simulation
