#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "search/trial/trial.hpp"

namespace gensynth::store {

/// The trials of one constraint that rejected them.
struct Rejects {
  std::int64_t count = 0;
  double core_seconds = 0;    ///< compute spent on them, in total
  double closest = 0;         ///< smallest violation relative to the bound
  Stage stage = Stage::none;  ///< the last stage at which the constraint rejected one
};

/// A record that cannot be read: a column has the wrong type, or its text says what no trial can be.
struct DamagedRecord {
  std::int64_t trial = 0;  ///< its trial; 0 where that is unknown
  std::string message;     ///< names the store, the record, the column and the reason
};

/// Reads a run. Anyone may call it at any time, while a search works on the run too; no call waits for a writer to
/// finish its work or changes anything. Each call sees one consistent state. Damaged records are left out, as if they
/// did not exist, and are then listed by `damaged`. Throws Error naming the store when the store fails.
class RunReader {
 public:
  /// Must not call the store.
  using Visitor = std::function<void(trial::Trial&&)>;

  virtual ~RunReader() = default;

  virtual std::optional<trial::Trial> get(std::int64_t id) const = 0;
  /// By id; only trials in `state` where it is given.
  virtual std::vector<trial::Trial> list(std::optional<trial::TrialState> state = {}) const = 0;
  /// Visits the trials that ended after they were queued, by ordinal.
  virtual void each_evaluated(const Visitor& visit) const = 0;
  /// Visits the trials that the strategy was shown, in the order in which it was shown them.
  virtual void each_observed(const Visitor& visit) const = 0;
  /// Trials that are no duplicates and have this canonical hash, by id.
  virtual std::vector<std::int64_t> find_by_hash(const std::string& hash) const = 0;
  virtual std::int64_t last_trial() const = 0;  ///< the highest id; 0 when there are no trials

  virtual trial::StateCounts counts() const = 0;
  virtual std::map<std::string, Rejects> rejects() const = 0;  ///< rejected trials by constraint
  /// By sequence number; only those of `trial` unless it is 0. For people to read: an event whose transaction commits
  /// late may appear before events that were returned earlier.
  virtual std::vector<trial::Event> events(std::int64_t trial = 0) const = 0;

  /// The damaged records that the calls so far have left out, and every record of a trial with a column of a wrong
  /// type, which `counts` and `rejects` leave out.
  virtual std::vector<DamagedRecord> damaged() const = 0;
};

}  // namespace gensynth::store
