#pragma once

#include <cstdint>
#include <map>
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
  /// Makes a run of the job in a new or empty folder and holds its lock. First resolves the job's "start_from", which
  /// may take seconds and leaves lines for the user in `notes`. `given`: the job as its file states it, without the
  /// changes of the command line; null: the same as `job`. Throws Error when the folder contains a run or remains of
  /// one, when another search uses it, when it cannot be made, or when a start is bad; in the last case nothing is
  /// written.
  static Run create(const std::string& folder, job::Job job, const job::Job* given = nullptr);
  /// `place`: the run's folder, its run.db, or sqlite3://RUN/run.db. Throws Error when there is no run of a schema
  /// version that this program knows or, for `resume`, when another search works on it.
  static Run open(const std::string& place, RunMode mode);
  static bool exists(const std::string& folder);

  const RunFolder& folder() const { return folder_; }
  /// The effective job as the database has it (job.json is its copy for people), read on the first call.
  /// Loads no plugin. Throws Error when it is damaged.
  const job::Job& job() const;
  /// The space, constraints and models of the job, made on the first call, whose `plugins` decides
  /// whether the plugins are loaded.
  const SearchContext& context(registry::Plugins plugins = registry::Plugins::load) const;
  store::Store& store() { return *store_; }
  const store::Store& store() const { return *store_; }
  /// Lines for the user: of the starts of a run just created, of changes that a resumed one took over.
  const std::vector<std::string>& notes() const { return notes_; }

  // The following need the lock; each change is an event of the run.

  /// Takes over what was changed since: in the run's job.json, and in the job's file (`given`, if there is one) against
  /// what it was before. Only the budget may differ. Throws Error that names all other keys, with nothing changed.
  void take_over_changes(const job::Job* given);
  /// Changes the budget of trials. Throws Error when it is lower than before.
  void raise_trials(std::int64_t trials);
  void record(trial::EventKind kind, const std::string& reason);

 private:
  Run() = default;
  void write_job() const;
  std::string job_text() const;
  bool is_file_of_run(const std::string& path) const;
  void change_budget(const job::Budget& budget, const std::string& reason,
                     std::map<std::string, std::string> values = {});

  RunFolder folder_;
  std::unique_ptr<RunLock> lock_;  // unique_ptrs, so that references stay valid when a Run is moved
  std::unique_ptr<store::Store> store_;
  mutable std::unique_ptr<job::Job> job_;
  mutable std::unique_ptr<SearchContext> context_;
  std::vector<std::string> notes_;
};

}  // namespace gensynth::run
