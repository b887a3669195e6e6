#include "search/run/run_folder.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "architecture/base/error.hpp"
#include "architecture/base/file.hpp"

namespace gensynth::run {
namespace fs = std::filesystem;

std::string RunFolder::cache() const {
  const char* shared = std::getenv("GENSYNTH_CACHE");
  return shared != nullptr && *shared != '\0' ? shared : path + "/cache";
}

std::string RunFolder::worker_log(int index) const {
  return path + "/workers/worker-" + std::to_string(index) + ".log";
}

std::string RunFolder::weights(std::int64_t trial) const {
  return checkpoints() + "/trial-" + std::to_string(trial) + ".safetensors";
}

std::string RunFolder::training_state(std::int64_t trial) const {
  return checkpoints() + "/trial-" + std::to_string(trial) + ".state";
}

RunFolder create_run(const std::string& path, const job::Job& job) {
  const RunFolder run{fs::absolute(path).lexically_normal().string()};
  if (fs::exists(run.database())) {
    throw Error(path + ": a run is here already; go on with it by --resume, or choose another --out");
  }
  if (fs::exists(run.path) && !fs::is_directory(run.path)) throw Error(path + ": is not a folder");
  try {
    for (const std::string& folder : {run.path, run.path + "/workers", run.checkpoints(), run.result()}) {
      fs::create_directories(folder);
    }
  } catch (const fs::filesystem_error& error) {
    throw Error(path + ": cannot be made: " + error.code().message());
  }
  write_file_atomically(run.job(), to_json(job).dump(2) + "\n");
  return run;
}

RunFolder open_run(const std::string& path) {
  const RunFolder run{fs::absolute(path).lexically_normal().string()};
  if (!fs::is_directory(run.path)) throw Error(path + ": no such folder; expected a run made by `gensynth search`");
  if (!fs::exists(run.database())) throw Error(path + ": no run here (run.db is missing)");
  return run;
}

RunLock::RunLock(const RunFolder& run) {
  const std::string path = run.path + "/lock";
  file_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (file_ < 0) throw Error(path + ": cannot be opened: " + std::strerror(errno));
  if (::flock(file_, LOCK_EX | LOCK_NB) != 0) {
    ::close(file_);
    throw Error(run.path + ": another search is working on this run");
  }
}

RunLock::~RunLock() { ::close(file_); }

}  // namespace gensynth::run
