#include "search/companion/messages.hpp"
#include "search/worker/tasks.hpp"
#include "search/worker/worker_loop.hpp"

namespace gensynth::worker {

int run_worker_task(const nlohmann::json& json) {
  const companion::WorkerRequest request = companion::worker_request_from_json(json);
  WorkerOptions options;
  options.store = request.store;
  options.name = request.name;
  options.parent = request.parent;
  options.lease_seconds = request.lease_seconds;
  options.once = request.once;
  return run_worker(options);
}

}  // namespace gensynth::worker
