#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "search/store/run_reader.hpp"

namespace gensynth::analysis {

/// Which trials `log list` shows, and in which order.
struct TrialQuery {
  std::string state = {};  ///< one state; "all"; "": those that reached the queue
  /// A condition such as "latency_ms < 20 and state == scored"; "": none. It may use the names of `query_names` and of
  /// states. A trial that lacks one of the values does not meet it.
  std::string where = {};
  std::string sort = {};   ///< a name of `query_names`; "": by id. Trials without the value come last
  bool reverse = false;    ///< of `sort`: by default the best come first, where that is known, else the lowest
  std::int64_t limit = 0;  ///< 0: all
};

/// "trial", "u", "feasible" (1 or 0), "core_seconds", "state", and the names of metrics.
std::vector<std::string> query_names();

/// Throws Error for an unknown state or name, and for a condition that cannot be read.
std::vector<trial::Trial> query_trials(const store::RunReader& store, const TrialQuery& query);

}  // namespace gensynth::analysis
