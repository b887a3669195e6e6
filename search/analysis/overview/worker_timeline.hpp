#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "search/trial/trial.hpp"

namespace gensynth::analysis::overview {

/// One evaluation of a trial by a worker.
struct Attempt {
  std::int64_t trial = 0;
  int attempt = 0;
  std::string worker;
  double start = 0;  ///< seconds since the epoch
  double end = 0;    ///< the last event of the run while it has not ended
  /// "scored", "rejected", "pruned", "failed", "lost", "preempted" or "running".
  std::string outcome;
};

/// The attempts in the log of a run, by start. Trials that no worker evaluated have none.
std::vector<Attempt> worker_timeline(const std::vector<trial::Event>& events);

}  // namespace gensynth::analysis::overview
