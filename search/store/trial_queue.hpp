#pragma once

#include <optional>
#include <string>

#include "search/trial/trial.hpp"

namespace gensynth::store {

/// A trial that is lost this often is assumed to kill its workers and fails.
constexpr int kLossesThatFail = 3;

/// The queue of trials, for workers. Any number of processes on any number of machines may call it at once; each uses
/// its own handle. Every call is one atomic, durable step and blocks until the step is stored. A worker owns a claimed
/// trial until its lease ends or it gives the trial up; id, attempt and worker name of the claim identify the owner.
/// Calls that return false changed nothing, because the trial belongs to another attempt or has ended: the caller must
/// stop working on it. Throws Error naming the store when the store fails or was opened for reading.
class TrialQueue {
 public:
  virtual ~TrialQueue() = default;

  /// Makes the queued trial with the lowest id that no other call is claiming a running one of `worker`, as attempt
  /// + 1, with a lease of `lease_seconds` from now. Returns nothing when no trial is queued; does not wait for one.
  /// Concurrent calls never return the same attempt twice.
  virtual std::optional<trial::Trial> claim(const std::string& worker, double lease_seconds) = 0;
  /// Extends the lease to `lease_seconds` from now.
  virtual bool heartbeat(const trial::Trial& trial, double lease_seconds) = 0;
  /// Stores what is known of the running trial so far; `rung` is the last of its rungs.
  virtual bool report_rung(const trial::Trial& trial, const trial::Rung& rung) = 0;
  /// Ends the trial in its state, which must be final (Error otherwise). Stores state, stage, rule, reason, U,
  /// feasibility, metrics, verdicts and rungs, adds `core_seconds` to those of earlier attempts, and marks the trial
  /// as not yet seen by the coordinator.
  virtual bool finish(const trial::Trial& trial) = 0;
  /// Puts the trial back into the queue; this does not count as a loss.
  virtual bool release(const trial::Trial& trial, const std::string& reason) = 0;
  /// Puts the trial back into the queue as lost, for a reason that is none of the trial's, and adds `core_seconds`. The
  /// third loss ends it as failed and not yet seen by the coordinator.
  virtual bool lose(const trial::Trial& trial, const std::string& reason) = 0;
};

}  // namespace gensynth::store
