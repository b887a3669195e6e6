#include <filesystem>
#include <nlohmann/json.hpp>

#include "architecture/base/error.hpp"
#include "architecture/base/file.hpp"
#include "architecture/rewrite/proxy_network.hpp"
#include "architecture/serialize.hpp"
#include "runtime/data/dataset.hpp"
#include "runtime/torch/network.hpp"
#include "runtime/train/trainer.hpp"
#include "runtime/weights/safetensors.hpp"
#include "search/companion/messages.hpp"
#include "search/loop/signals.hpp"
#include "search/run/network_ref.hpp"
#include "search/worker/tasks.hpp"

namespace gensynth::worker {
namespace {

namespace fs = std::filesystem;

/// An unfinished training in the folder is resumed on request only, and only an unfinished one can be.
void check_checkpoint(const companion::TrainRequest& request, const std::string& checkpoint) {
  const bool there = fs::exists(checkpoint);
  if (!request.resume && there) {
    throw Error(request.out + ": an unfinished training is here; continue it with --resume, or choose another --out");
  }
  if (request.resume && !there) throw Error(request.out + ": no unfinished training here to resume");
}

companion::TrainingReport write_files(const companion::TrainRequest& request, const Architecture& network,
                                      const data::Dataset& data, const train::TrainResult& result) {
  write_architecture(network, request.out + "/network.json");
  weights::write_safetensors(result.weights, request.out + "/network.safetensors", data.id());
  companion::TrainingReport report{network.name(),
                                   data.id(),
                                   result.images,
                                   result.seconds,
                                   libtorch::torch_version(),
                                   request.spec,
                                   result.rungs,
                                   {},
                                   {}};
  report.hold_out = result.rungs.back().held_out;
  if (!data.split(data::Dataset::Split::validation).empty()) {
    report.validation =
        train::evaluate(network, result.weights, data, data::Dataset::Split::validation, request.spec.device);
  }
  write_file_atomically(request.out + "/training.json", to_json(report).dump(2) + "\n");
  return report;
}

}  // namespace

void run_train_task(const nlohmann::json& json, companion::Reply& reply) {
  loop::catch_stop_signals();
  const companion::TrainRequest request = companion::train_request_from_json(json);
  const std::string checkpoint = request.out + "/training.state";
  check_checkpoint(request, checkpoint);
  fs::create_directories(request.out);
  const data::Dataset data = data::Dataset::open(request.data, request.out + "/cache");
  const run::NetworkRef net = run::resolve_network(request.network);
  const Architecture network = proxy_network(net.architecture, data.px(), data.classes());
  libtorch::set_up_torch_process();
  std::size_t shown = 0;
  const train::TrainResult result = train::train(
      network, data, request.spec, request.seed,
      [&](const train::TrainResult& so_far) {
        for (; shown < so_far.rungs.size(); ++shown) reply.progress(companion::rung_to_json(so_far.rungs[shown]));
        return !loop::stop_requested();
      },
      checkpoint);
  companion::TrainResult answer{companion::TrainEnd::finished, result.images, {}};
  if (result.stopped) {
    answer.end = companion::TrainEnd::stopped;
  } else {
    fs::remove(checkpoint);
    if (result.diverged) {
      answer.end = companion::TrainEnd::diverged;
    } else {
      answer.report = write_files(request, network, data, result);
    }
  }
  reply.result(to_json(answer));
}

}  // namespace gensynth::worker
