#include <nlohmann/json.hpp>

#include "search/worker/tasks.hpp"
#include "search/worker/worker_loop.hpp"

namespace gensynth::worker {

int run_worker_task(const nlohmann::json& request) {
  WorkerOptions options;
  options.store = request.at("store").get<std::string>();
  options.name = request.at("name").get<std::string>();
  options.parent = request.value("parent", 0);
  options.lease_seconds = request.value("lease", options.lease_seconds);
  options.once = request.value("once", false);
  return run_worker(options);
}

}  // namespace gensynth::worker
