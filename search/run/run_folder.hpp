#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "search/job/job.hpp"

namespace gensynth::run {

/// Where things lie in a run's folder.
struct RunFolder {
  std::string path;
  std::string job() const { return path + "/job.json"; }
  std::string database() const { return path + "/run.db"; }
  std::string cache() const;  ///< of decoded images; GENSYNTH_CACHE overrides
  std::string worker_log(int index) const;
  std::string checkpoints() const { return path + "/checkpoints"; }
  std::string weights(std::int64_t trial) const;
  std::string training_state(std::int64_t trial) const;
  std::string result() const { return path + "/result"; }
};

/// Makes the folder and writes the effective job. Throws Error when a run is there already.
RunFolder create_run(const std::string& path, const job::Job& job);
/// Throws Error when there is no run. The job is the effective one that the run was started with.
RunFolder open_run(const std::string& path);

/// Held while a coordinator works on a run; a second one gets an Error that says so.
class RunLock {
 public:
  explicit RunLock(const RunFolder& run);
  ~RunLock();
  RunLock(const RunLock&) = delete;
  RunLock& operator=(const RunLock&) = delete;

 private:
  int file_ = -1;
};

}  // namespace gensynth::run
