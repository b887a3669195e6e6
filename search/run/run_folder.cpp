#include "search/run/run_folder.hpp"

#include "runtime/data/cache_folder.hpp"

namespace gensynth::run {

std::string RunFolder::cache() const { return data::cache_folder(path + "/cache"); }

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
