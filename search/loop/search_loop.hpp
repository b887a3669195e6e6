#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>

#include "search/job/job.hpp"
#include "search/run/run_folder.hpp"
#include "search/trial/trial.hpp"

namespace gensynth::loop {

struct SearchOptions {
  int workers = 0;             ///< 0 = one per core
  bool deterministic = false;  ///< any worker count gives the same log, times apart
};

/// What a progress display shows.
struct SearchProgress {
  std::int64_t done = 0;  ///< evaluated trials that ended
  std::int64_t target = 0;
  std::map<std::string, std::int64_t> counts;  ///< by state
  std::optional<trial::Trial> best;            ///< the best feasible so far
  double elapsed = 0;                          ///< seconds, this process
  std::optional<double> eta;                   ///< seconds
};

enum class SearchEnd { finished, stopped, out_of_proposals, out_of_time };

struct SearchOutcome {
  SearchEnd end = SearchEnd::finished;
  std::optional<trial::Trial> best;
  std::map<std::string, std::int64_t> counts;
};

/// Runs the search of a run folder from wherever it stands to the end of its budget, or until a stop is requested
/// (signals.hpp). Everything is durable as it happens; call it again to go on. Throws Error for a broken store or
/// when workers cannot be kept alive.
SearchOutcome run_search(const run::RunFolder& run, const job::Job& job, const SearchOptions& options,
                         const std::function<void(const SearchProgress&)>& report);

}  // namespace gensynth::loop
