#include "search/run/run.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <utility>

#include "architecture/base/error.hpp"
#include "architecture/base/file.hpp"
#include "architecture/base/json_reader.hpp"
#include "search/job/job_changes.hpp"
#include "search/run/resolve_starts.hpp"
#include "search/store/sqlite/sql_store.hpp"

namespace gensynth::run {
namespace fs = std::filesystem;
using nlohmann::json;
namespace {

// Values of the store: the effective job, and the job's file as it was when it was last given (effective too).
constexpr const char* kJob = "job";
constexpr const char* kGivenJob = "given job";

RunFolder folder_at(const fs::path& path) { return {fs::absolute(path).lexically_normal().string()}; }

/// The folder of the run that the user means by `place`.
RunFolder locate(const std::string& place) {
  constexpr const char* kExpected = "expected a run's folder, its run.db, or sqlite3://RUN/run.db";
  const std::string prefix = "sqlite3://";
  const bool is_url = place.rfind(prefix, 0) == 0;
  if (const auto scheme = place.find("://"); !is_url && scheme != std::string::npos) {
    throw Error(place + ": unknown kind of store '" + place.substr(0, scheme) + "'; " + kExpected);
  }
  const fs::path path = is_url ? place.substr(prefix.size()) : place;
  if (fs::is_directory(path)) {
    const RunFolder folder = folder_at(path);
    if (!fs::exists(folder.database())) throw Error(place + ": no run here (run.db is missing)");
    return folder;
  }
  if (!fs::is_regular_file(path)) throw Error(place + ": no such folder; " + kExpected);
  if (path.filename() != "run.db") throw Error(place + ": this is no run; " + kExpected);
  return folder_at(fs::absolute(path).parent_path());
}

void make_folders(const std::string& given, const RunFolder& folder) {
  if (fs::exists(folder.path) && !fs::is_directory(folder.path)) throw Error(given + ": is not a folder");
  try {
    for (const std::string& each : {folder.path, folder.workers(), folder.checkpoints(), folder.result()}) {
      fs::create_directories(each);
    }
  } catch (const fs::filesystem_error& error) {
    throw Error(given + ": cannot be made: " + error.code().message(), kind_of_errno(error.code().value()));
  }
}

/// A folder without a database is new, or what was left of a run: its checkpoints would be taken for those of the new
/// one. A job.json is the user's, unless it is what would be written.
void refuse_remains(const std::string& given, const RunFolder& folder, const std::string& job_text) {
  const std::string advice = "remove it or choose another --out";
  for (const std::string& each : {folder.checkpoints(), folder.probes(), folder.result()}) {
    std::error_code error;
    const fs::directory_iterator first(each, error);
    if (error || first == fs::directory_iterator()) continue;
    throw Error(fmt::format("{}: is no run (run.db is missing), but has {} of another one; {}", given,
                            first->path().string(), advice));
  }
  if (fs::exists(folder.job()) && read_file(folder.job()) != job_text) {
    throw Error(fmt::format("{}: is there already, and a run would overwrite it; {}", folder.job(), advice));
  }
}

}  // namespace

bool Run::exists(const std::string& folder) { return fs::exists(RunFolder{folder}.database()); }

Run Run::create(const std::string& folder, job::Job job, const job::Job* given) {
  const auto refuse_existing = [&] {
    if (exists(folder)) {
      throw Error(folder + ": a run is here already; continue it with --resume, or choose another --out");
    }
  };
  Run run;
  refuse_existing();
  const std::string given_text = to_json(given != nullptr ? *given : job).dump();
  for (const std::string& note : resolve_starts(job)) run.notes_.push_back("start_from: " + note);
  run.folder_ = folder_at(folder);
  make_folders(folder, run.folder_);
  run.lock_ = std::make_unique<RunLock>(run.folder_);
  refuse_existing();  // another process may have made it before the lock was taken
  run.job_ = std::make_unique<job::Job>(std::move(job));
  refuse_remains(folder, run.folder_, run.job_text());
  // The database first: where it exists it has the job, whenever this process is killed.
  run.store_ =
      store::sqlite::create_store(run.folder_.database(), {{kJob, to_json(*run.job_).dump()}, {kGivenJob, given_text}});
  run.write_job();
  run.job_->source = run.folder_.job();
  return run;
}

Run Run::open(const std::string& place, RunMode mode) {
  Run run;
  run.folder_ = locate(place);
  if (mode == RunMode::resume) run.lock_ = std::make_unique<RunLock>(run.folder_);
  run.store_ = store::sqlite::open_store(run.folder_.database(), mode == RunMode::read);
  return run;
}

const job::Job& Run::job() const {
  if (!job_) {
    const std::optional<std::string> stored = store_->value(kJob);
    const json text = stored ? parse_json(*stored, folder_.database()) : read_json_file(folder_.job());
    job_ = std::make_unique<job::Job>(job::job_from_json(text, folder_.job(), registry::Plugins::leave));
  }
  return *job_;
}

const SearchContext& Run::context(registry::Plugins plugins) const {
  if (!context_) context_ = std::make_unique<SearchContext>(job(), plugins);
  return *context_;
}

void Run::take_over_changes(const job::Job* given) {
  job::Budget budget = job().budget;
  std::vector<std::string> changes;
  std::map<std::string, std::string> values;
  if (const json stored = to_json(job()); fs::exists(folder_.job())) {
    const job::Job file = job::job_from_json(read_json_file(folder_.job()), folder_.job(), registry::Plugins::leave);
    const job::JobChanges found = job::job_changes(stored, to_json(file));
    found.refuse_all_but_budget(folder_.job() + ": the run's job was edited",
                                "restore it (it is in run.db: remove job.json), or start a new run with another --out");
    if (!found.budget.empty()) {
      budget = file.budget;
      changes = found.budget;
    }
  } else {
    notes_.push_back(folder_.job() + ": was missing; written again from run.db");
    write_job();
  }
  const std::optional<std::string> before = store_->value(kGivenJob);
  if (given != nullptr && before && !is_file_of_run(given->source)) {
    const json now = to_json(*given);
    const job::JobChanges found = job::job_changes(parse_json(*before, folder_.database()), now);
    found.refuse_all_but_budget(
        given->source + ": differs from the job that the run in " + folder_.path + " was started with",
        "go on with the run's own job by leaving the file out, or choose another --out");
    if (!found.budget.empty()) {
      budget = found.applied_to(budget, *given);
      changes.insert(changes.end(), found.budget.begin(), found.budget.end());
      values[kGivenJob] = now.dump();
    }
  }
  if (!changes.empty()) change_budget(budget, fmt::format("{}", fmt::join(changes, ", ")), std::move(values));
}

bool Run::is_file_of_run(const std::string& path) const {
  std::error_code ignored;
  return fs::equivalent(path, folder_.job(), ignored);
}

void Run::raise_trials(std::int64_t trials) {
  const std::int64_t before = job().budget.trials;
  if (trials == before) return;
  if (trials < before) {
    throw Error(fmt::format("--trials {}: the run has a budget of {}; expected a larger one", trials, before));
  }
  job::Budget budget = job().budget;
  budget.trials = trials;
  change_budget(budget, fmt::format("/budget/trials {} -> {}", before, trials));
}

void Run::record(trial::EventKind kind, const std::string& reason) { store_->record(kind, reason); }

void Run::change_budget(const job::Budget& budget, const std::string& reason,
                        std::map<std::string, std::string> values) {
  if (!lock_) throw Error(folder_.path + ": the budget is changed by the run's coordinator only");
  (void)job();
  job_->budget = budget;
  values[kJob] = to_json(*job_).dump();
  store_->record(trial::EventKind::budget, reason, values);
  write_job();
  notes_.push_back("changed: " + reason);
}

std::string Run::job_text() const { return to_json(*job_).dump(2) + "\n"; }

void Run::write_job() const {
  (void)job();
  write_file_atomically(folder_.job(), job_text());
}

}  // namespace gensynth::run
