#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "search/trial/trial.hpp"

namespace gensynth::store {

/// The calls that only the coordinator of a run makes; a run has one coordinator at a time (run.hpp holds the lock).
/// Workers may use the queue meanwhile. Every call is one atomic, durable step and blocks until the step is stored.
/// Throws Error naming the store when the store fails or was opened for reading; nothing is changed then. Damaged
/// records are left out (run_reader.hpp).
class CoordinatorStore {
 public:
  virtual ~CoordinatorStore() = default;

  /// Adds new trials, whose ids the caller has chosen, and replaces the named values of the search state with
  /// `values`. `observed` lists the ids of stored trials that the strategy was shown since the last call, in that
  /// order. Throws Error when an id is taken or an observed trial does not exist.
  virtual void add(const std::vector<trial::Trial>& trials, const std::map<std::string, std::string>& values,
                   const std::vector<std::int64_t>& observed = {}) = 0;
  /// Replaces these values of the search state and logs an event of the run (of trial 0), in one step.
  virtual void record(trial::EventKind kind, const std::string& reason,
                      const std::map<std::string, std::string>& values = {}) = 0;
  /// Returns the trials that ended after they were queued and were not returned by this call before, by ordinal, and
  /// marks them as seen. A trial is returned once, whatever the order in which workers finish and transactions commit.
  /// A coordinator that starts reads all of them by `RunReader::each_evaluated`, because its predecessor may have
  /// ended after this call.
  virtual std::vector<trial::Trial> take_unseen() = 0;
  /// Puts running trials whose lease has ended back into the queue. The third loss of a trial ends it as failed and
  /// not yet seen. Returns the worker of each trial that was lost.
  virtual std::vector<std::string> requeue_expired() = 0;
  /// The same for all running trials of a worker that is known to be dead, whatever their leases. Returns the number of
  /// trials that were lost.
  virtual int requeue_orphans(const std::string& worker) = 0;
};

}  // namespace gensynth::store
