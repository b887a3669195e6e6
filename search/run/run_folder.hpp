#pragma once

#include <cstdint>
#include <string>

namespace gensynth::run {

/// The layout of a run's folder; no file is touched here.
struct RunFolder {
  std::string path;
  std::string job() const { return path + "/job.json"; }
  std::string database() const { return path + "/run.db"; }
  std::string lock() const { return path + "/lock"; }
  std::string cache() const;  ///< decoded images; GENSYNTH_CACHE overrides it
  std::string workers() const { return path + "/workers"; }
  std::string worker_log(int index) const;
  std::string probes() const { return path + "/probes"; }
  std::string probe(std::int64_t trial) const;
  std::string checkpoints() const { return path + "/checkpoints"; }
  std::string weights(std::int64_t trial) const;
  std::string training_state(std::int64_t trial) const;
  std::string result() const { return path + "/result"; }
};

}  // namespace gensynth::run
