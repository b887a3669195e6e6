#pragma once

#include <functional>

#include "search/loop/search_loop.hpp"
#include "search/run/run.hpp"

namespace gensynth::loop {

struct SearchOptions {
  int workers = 0;             ///< worker processes; 0: one for each core
  bool deterministic = false;  ///< the log does not depend on the number of workers, times apart
};

/// Runs the search of a run, opened as its coordinator, from wherever it stands to the end of its budget, or until a
/// stop is requested (signals.hpp). Every change is durable before it is acted on; call it again to go on. Throws Error
/// for a broken store or when workers cannot be kept alive.
SearchOutcome run_search(run::Run& run, const SearchOptions& options,
                         const std::function<void(const SearchProgress&)>& report);

}  // namespace gensynth::loop
