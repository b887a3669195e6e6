#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "search/job/job.hpp"
#include "search/run/run_folder.hpp"
#include "search/run/run_lock.hpp"
#include "search/run/search_context.hpp"
#include "search/store/store.hpp"

namespace gensynth::run {

enum class RunMode {
  read,    ///< looks at the run; its store refuses writes
  resume,  ///< coordinates its search; holds the run's lock
  work     ///< evaluates its trials
};

/// A run: its folder, its job, its store and, for the coordinator, its lock. Nothing else opens a run's store or reads
/// its job.json. A Run belongs to one thread and is opened after a fork. Nothing here waits for other processes,
/// except for the store's writes.
class Run {
 public:
  /// Makes a run of the job in a new or empty folder, or in one without run.db, and holds its lock. First resolves the
  /// job's "start_from", which may take seconds; `notes` then says what became of it. Throws Error when a run or
  /// another search is there, the folder cannot be made, or a start is bad; nothing is written in the last case.
  static Run create(const std::string& folder, job::Job job);
  /// `place`: the run's folder, its run.db, or sqlite3://RUN/run.db. Throws Error when there is no run of a schema
  /// version that this program knows or, for `resume`, when another search works on it.
  static Run open(const std::string& place, RunMode mode);
  static bool exists(const std::string& folder);

  const RunFolder& folder() const { return folder_; }
  /// The effective job, read on first use. Throws Error when it is damaged.
  const job::Job& job() const;
  /// The space, constraints and models of the job, made on first use.
  const SearchContext& context() const;
  store::Store& store() { return *store_; }
  const store::Store& store() const { return *store_; }
  const std::vector<std::string>& notes() const { return notes_; }  ///< lines for the user, of a run just created

  /// Changes the budget of trials, in job.json too. Throws Error when it is lower than before. Needs the lock.
  void raise_trials(std::int64_t trials);

 private:
  Run() = default;
  void write_job() const;

  RunFolder folder_;
  std::unique_ptr<RunLock> lock_;  // unique_ptrs, so that references stay valid when a Run is moved
  std::unique_ptr<store::Store> store_;
  mutable std::unique_ptr<job::Job> job_;
  mutable std::unique_ptr<SearchContext> context_;
  std::vector<std::string> notes_;
};

}  // namespace gensynth::run
