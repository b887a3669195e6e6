#include "search/run/run_folder.hpp"

#include <cstdlib>

namespace gensynth::run {

std::string RunFolder::cache() const {
  const char* shared = std::getenv("GENSYNTH_CACHE");
  return shared != nullptr && *shared != '\0' ? shared : path + "/cache";
}

std::string RunFolder::probe(std::int64_t trial) const {
  return probes() + "/trial-" + std::to_string(trial) + ".json";
}

std::string RunFolder::worker_log(int index) const { return workers() + "/worker-" + std::to_string(index) + ".log"; }

std::string RunFolder::weights(std::int64_t trial) const {
  return checkpoints() + "/trial-" + std::to_string(trial) + ".safetensors";
}

std::string RunFolder::training_state(std::int64_t trial) const {
  return checkpoints() + "/trial-" + std::to_string(trial) + ".state";
}

}  // namespace gensynth::run
