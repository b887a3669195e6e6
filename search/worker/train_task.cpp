#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>

#include "architecture/base/error.hpp"
#include "architecture/base/file.hpp"
#include "architecture/rewrite/proxy_network.hpp"
#include "architecture/serialize.hpp"
#include "runtime/data/dataset.hpp"
#include "runtime/torch/network.hpp"
#include "runtime/train/trainer.hpp"
#include "runtime/weights/safetensors.hpp"
#include "search/command/exit_code.hpp"
#include "search/loop/signals.hpp"
#include "search/run/network_ref.hpp"
#include "search/worker/tasks.hpp"

namespace gensynth::worker {
namespace {

namespace fs = std::filesystem;

nlohmann::ordered_json evaluation_json(const train::Evaluation& e) {
  return {{"top1", e.top1}, {"top5", e.top5}, {"loss", e.loss}};
}

nlohmann::ordered_json history_json(const train::TrainResult& result) {
  nlohmann::ordered_json rungs = nlohmann::ordered_json::array();
  for (const train::RungResult& rung : result.rungs) {
    nlohmann::ordered_json entry = evaluation_json(rung.held_out);
    entry["images"] = rung.images;
    entry["train_loss"] = rung.train_loss;
    rungs.push_back(std::move(entry));
  }
  return rungs;
}

}  // namespace

int run_train_task(const nlohmann::json& request) {
  loop::catch_stop_signals();
  const std::string out = request.at("out").get<std::string>();
  const bool resume = request.at("resume").get<bool>();
  const bool as_json = request.at("json").get<bool>();
  const std::string checkpoint = out + "/training.state";
  if (!resume && fs::exists(checkpoint)) {
    throw Error(out + ": an unfinished training is here; go on with --resume, or choose another --out");
  }
  if (resume && !fs::exists(checkpoint)) throw Error(out + ": no unfinished training here to resume");
  fs::create_directories(out);
  const data::DataSpec data_spec = data::data_spec_from_json(request.at("data"), "--data", "");
  train::TrainSpec spec = train::train_spec_from_json(request.at("spec"), "--spec", "");
  if (spec.rungs.size() < 2 && !request.at("spec").contains("rungs")) {
    spec.rungs.clear();  // ten looks at the hold-out on the way
    for (int i = 1; i <= 10; ++i) spec.rungs.push_back(spec.images * i / 10);
  }
  const data::Dataset data = data::Dataset::open(data_spec, out + "/cache");
  const run::NetworkRef net = run::resolve_network(request.at("net").get<std::string>());
  const Architecture network = proxy_network(net.architecture, data.px(), data.classes());
  libtorch::set_up_torch_process();
  std::size_t shown = 0;
  const train::TrainResult result = train::train(
      network, data, spec, request.at("seed").get<std::uint64_t>(),
      [&](const train::TrainResult& so_far) {
        for (; shown < so_far.rungs.size(); ++shown) {
          const train::RungResult& rung = so_far.rungs[shown];
          std::fprintf(stderr, "%8lld images  train loss %.3f  hold-out loss %.3f  top-1 %.2f %%  top-5 %.2f %%\n",
                       static_cast<long long>(rung.images), rung.train_loss, rung.held_out.loss, rung.held_out.top1,
                       rung.held_out.top5);
        }
        return !loop::stop_requested();
      },
      checkpoint);
  if (result.stopped) {
    std::fprintf(stderr, "stopped after %lld images; go on with the same command and --resume\n",
                 static_cast<long long>(result.images));
    return command::kStopped;
  }
  fs::remove(checkpoint);
  if (result.diverged) {
    std::fprintf(stderr, "the loss became NaN or infinite after %lld images; a smaller --lr may help\n",
                 static_cast<long long>(result.images));
    return command::kNo;
  }
  write_architecture(network, out + "/network.json");
  weights::write_safetensors(result.weights, out + "/network.safetensors", data.id());
  nlohmann::ordered_json report = {{"network", network.name()},
                                   {"data", data.id()},
                                   {"images", result.images},
                                   {"seconds", result.seconds},
                                   {"torch", libtorch::torch_version()},
                                   {"spec", to_json(spec)},
                                   {"rungs", history_json(result)},
                                   {"hold_out", evaluation_json(result.rungs.back().held_out)},
                                   {"validation", nullptr}};
  if (!data.split(data::Dataset::Split::validation).empty()) {
    const train::Evaluation final =
        train::evaluate(network, result.weights, data, data::Dataset::Split::validation, spec.device);
    report["validation"] = evaluation_json(final);
    if (!as_json)
      std::printf("validation: top-1 %.2f %%, top-5 %.2f %%, loss %.3f\n", final.top1, final.top5, final.loss);
  }
  write_file_atomically(out + "/training.json", report.dump(2) + "\n");
  if (as_json) {
    std::printf("%s\n", report.dump(2).c_str());
  } else {
    std::printf("wrote %s/network.json, network.safetensors, training.json\n", out.c_str());
  }
  return command::kDone;
}

}  // namespace gensynth::worker
