#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "search/trial/trial.hpp"

namespace gensynth::store {

/// The truth of a run: trials, events and named values, in SQL (SQLite now; the dialect is kept small). Every call
/// is one durable transaction. Writes of a worker carry the attempt they belong to: a late writer changes nothing
/// and is told so. One instance per process and thread; open after fork. Throws Error naming the store.
class Store {
 public:
  /// "sqlite3://FILE" or a path. `create`: makes the tables, throws Error when the run exists already.
  static std::unique_ptr<Store> create(const std::string& url);
  static std::unique_ptr<Store> open(const std::string& url, bool read_only = false);
  virtual ~Store() = default;

  // Coordinator.
  /// New trials with their ids given, one event each, and the loop's state with them. `observed`: trials that the
  /// strategy was shown since the last call, in that order.
  virtual void add(const std::vector<trial::Trial>& trials, const std::map<std::string, std::string>& values,
                   const std::vector<std::int64_t>& observed = {}) = 0;
  /// Running trials of `worker` (all when empty) whose lease ended before `now`, back to the queue as attempt + 1;
  /// the third loss of one trial is a failure ("lost 3 times"). Returns how many.
  virtual int reap(double now, const std::string& worker = "") = 0;

  // Worker.
  /// The queued trial with the lowest id becomes running under this worker's lease, or nothing is queued.
  virtual std::optional<trial::Trial> claim(const std::string& worker, double lease_seconds) = 0;
  /// False: the trial is not this attempt's any more; stop working on it.
  virtual bool heartbeat(const trial::Trial& trial, double lease_seconds) = 0;
  virtual bool report_rung(const trial::Trial& trial, const trial::Rung& rung) = 0;
  /// Writes state, metrics, verdicts, rungs, u, feasible, stage, rule, reason, core_seconds.
  virtual bool finish(const trial::Trial& trial) = 0;
  /// Gives it back unharmed: preempted -> queued, attempt + 1.
  virtual bool release(const trial::Trial& trial, const std::string& reason) = 0;

  // Anyone.
  virtual std::optional<trial::Trial> get(std::int64_t id) const = 0;
  /// In order of id; only those of `state` unless empty.
  virtual std::vector<trial::Trial> list(const std::string& state = "") const = 0;
  using Visitor = std::function<void(trial::Trial&&)>;
  /// Trials that ended after they were queued, in order of ordinal, one at a time.
  virtual void each_evaluated(const Visitor& visit) const = 0;
  /// Trials that the strategy was shown, in the order in which it was.
  virtual void each_observed(const Visitor& visit) const = 0;
  virtual std::map<std::string, std::int64_t> counts() const = 0;  ///< by state name
  /// Trials rejected for free, by rule: how many and the smallest relative violation seen.
  struct Rejects {
    std::int64_t count = 0;
    double core_seconds = 0;
    double closest = 0;
    std::string stage;
  };
  virtual std::map<std::string, Rejects> rejects() const = 0;
  virtual std::vector<trial::Event> events(std::int64_t after_seq = 0, std::int64_t trial = 0) const = 0;
  virtual std::optional<std::string> value(const std::string& key) const = 0;
  /// The trial first seen with this canonical hash that was not itself a duplicate; 0 = none.
  virtual std::vector<std::int64_t> with_hash(const std::string& hash) const = 0;
  virtual std::int64_t last_trial() const = 0;  ///< 0: none yet
  virtual std::int64_t last_event() const = 0;  ///< its seq; 0: none yet
};

double now_seconds();  ///< since the epoch

}  // namespace gensynth::store
