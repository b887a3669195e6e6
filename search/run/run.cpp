#include "search/run/run.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <utility>

#include "architecture/base/error.hpp"
#include "architecture/base/file.hpp"
#include "search/run/resolve_starts.hpp"
#include "search/store/sqlite/sql_store.hpp"

namespace gensynth::run {
namespace fs = std::filesystem;
namespace {

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

}  // namespace

bool Run::exists(const std::string& folder) { return fs::exists(RunFolder{folder}.database()); }

Run Run::create(const std::string& folder, job::Job job) {
  const auto refuse_existing = [&] {
    if (exists(folder)) {
      throw Error(folder + ": a run is here already; continue it with --resume, or choose another --out");
    }
  };
  Run run;
  refuse_existing();
  run.notes_ = resolve_starts(job);
  run.folder_ = folder_at(folder);
  make_folders(folder, run.folder_);
  run.lock_ = std::make_unique<RunLock>(run.folder_);
  refuse_existing();  // another process may have made it before the lock was taken
  run.job_ = std::make_unique<job::Job>(std::move(job));
  run.write_job();
  run.job_->source = run.folder_.job();
  run.store_ = store::sqlite::create_store(run.folder_.database());
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
  if (!job_) job_ = std::make_unique<job::Job>(job::read_job(folder_.job()));
  return *job_;
}

const SearchContext& Run::context() const {
  if (!context_) context_ = std::make_unique<SearchContext>(job());
  return *context_;
}

void Run::raise_trials(std::int64_t trials) {
  if (!lock_) throw Error(folder_.path + ": the budget is changed by the run's coordinator only");
  const std::int64_t before = job().budget.trials;
  if (trials == before) return;
  if (trials < before) {
    throw Error(fmt::format("--trials {}: the run has a budget of {}; expected a larger one", trials, before));
  }
  job_->budget.trials = trials;
  write_job();
}

void Run::write_job() const { write_file_atomically(folder_.job(), to_json(*job_).dump(2) + "\n"); }

}  // namespace gensynth::run
