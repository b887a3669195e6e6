#pragma once

#include <string>
#include <vector>

namespace gensynth::executor {

/// Evaluates the queued trials of a run. The search loop owns one executor and calls it from one thread; what runs
/// where is no concern of the loop. Executors claim trials from the store and finish them there, so that the loop
/// learns of results from the store alone (`CoordinatorStore::take_unseen`).
class Executor {
 public:
  virtual ~Executor() = default;  ///< stops

  /// Begins to evaluate what is queued. Called once, before `poll`. May block for minutes while data are prepared.
  /// Throws Error when evaluation cannot begin: unreadable data, no companion program.
  virtual void start() = 0;
  /// Does what is due and returns the names of workers that ended since the last call: their trials are orphans, which
  /// the caller puts back into the queue. An executor without workers evaluates all that is queued before it returns;
  /// the others return at once. Throws Error when workers cannot be kept alive.
  virtual std::vector<std::string> poll() = 0;
  /// Ends a worker that no longer renews its lease, with all that it started, and starts another in its place. Does
  /// nothing for a worker that is not this executor's.
  virtual void replace(const std::string& worker) = 0;
  /// Asks the workers to give their trials back and waits until they have ended. May be called again.
  virtual void stop() = 0;

  /// How many trials may be under evaluation when `poll` returns; 0 when it evaluates them itself.
  virtual int workers() const = 0;
  /// Whether a worker of this name was started by an executor of this kind. A trial that such a worker has left behind
  /// when a search starts was interrupted with its coordinator, which is no fault of the trial.
  virtual bool is_own_worker(const std::string& name) const = 0;
};

}  // namespace gensynth::executor
