#include <filesystem>
#include <nlohmann/json.hpp>

#include "architecture/base/error.hpp"
#include "architecture/base/file.hpp"
#include "architecture/base/random.hpp"
#include "architecture/cost.hpp"
#include "architecture/rewrite/proxy_network.hpp"
#include "architecture/serialize.hpp"
#include "runtime/data/cache_folder.hpp"
#include "runtime/data/preprocessing.hpp"
#include "runtime/torch/network.hpp"
#include "runtime/train/trainer.hpp"
#include "runtime/weights/safetensors.hpp"
#include "search/companion/messages.hpp"
#include "search/loop/signals.hpp"
#include "search/run/network_ref.hpp"
#include "search/worker/tasks.hpp"
#include "search/worker/train_start.hpp"

namespace gensynth::worker {
namespace {

namespace fs = std::filesystem;

/// Continues a training in the folder only if it was asked to, and then there must be one.
void check_folder(const companion::TrainRequest& request, const std::string& checkpoint) {
  const bool unfinished = fs::exists(checkpoint);
  const bool finished = fs::exists(request.out + "/training.json");
  if (!request.resume && unfinished) {
    throw Error(request.out + ": an unfinished training is here; continue it with --resume, or choose another --out");
  }
  if (!request.resume && finished) {
    throw Error(request.out + ": a finished training is here; extend it with --resume and more --images, or choose " +
                "another --out");
  }
  if (request.resume && !unfinished && !finished) throw Error(request.out + ": no training here to resume");
}

void check_not_read(const companion::TrainRequest& request, const run::NetworkRef& net) {
  for (const char* name : run::kTrainingFiles) {
    const std::string out = request.out + "/" + name;
    run::check_not_read(out, run::files_of(request.network));
    run::check_not_read(out, {request.from, net.weights});
  }
}

/// The part of the rungs behind `done`, counted from there. The last is the end in any case.
train::TrainSpec remaining(train::TrainSpec spec, std::int64_t done) {
  spec.images -= done;
  std::vector<std::int64_t> rungs;
  for (const std::int64_t rung : spec.rungs) {
    if (rung > done) rungs.push_back(rung - done);
  }
  spec.rungs = std::move(rungs);
  return spec;
}

train::RungResult shifted(train::RungResult rung, std::int64_t by) {
  rung.images += by;
  return rung;
}

Quantity measured(double value, const companion::TrainingReport& report, const char* split) {
  return Quantity::measured(value, "%", report.data + ", " + split + ", " + std::to_string(report.images) + " images");
}

/// The card of the network as trained here. Figures of another training do not hold for it.
ModelCard card_of_training(const Architecture& network, const data::Dataset& data,
                           const companion::TrainingReport& report, const std::optional<ModelCard>& before) {
  ModelCard card = data::card_of(data);
  card.images = report.images;
  if (before) {
    card.trial = before->trial;
    card.job = before->job;
  }
  const Cost total = cost(network);
  card.metrics.set("params", Quantity::exact(static_cast<double>(total.params), ""));
  card.metrics.set("macs", Quantity::exact(static_cast<double>(total.macs), ""));
  card.metrics.set("holdout_top1", measured(report.hold_out.top1, report, "hold-out"));
  card.metrics.set("holdout_top5", measured(report.hold_out.top5, report, "hold-out"));
  if (report.validation) {
    card.metrics.set("validation_top1", measured(report.validation->top1, report, "validation"));
    card.metrics.set("validation_top5", measured(report.validation->top5, report, "validation"));
  }
  return card;
}

/// `before`: the training that this one extends.
companion::TrainingReport write_files(const companion::TrainRequest& request, const run::NetworkRef& net,
                                      const Architecture& network, const data::Dataset& data,
                                      const train::TrainResult& result, const std::string& from,
                                      const std::optional<FinishedTraining>& before) {
  companion::TrainingReport report{network.name(),
                                   data.id(),
                                   result.images,
                                   result.seconds,
                                   libtorch::torch_version(),
                                   from,
                                   request.spec,
                                   {},
                                   {},
                                   {},
                                   {}};
  if (before) {
    report.rungs = before->report.rungs;
    report.images += before->report.images;
    report.seconds += before->report.seconds;
  }
  const std::int64_t done = before ? before->report.images : 0;
  for (const train::RungResult& rung : result.rungs) report.rungs.push_back(shifted(rung, done));
  report.hold_out = report.rungs.back().held_out;
  report.contents = data.contents();
  if (!data.split(data::Dataset::Split::validation).empty()) {
    report.validation =
        train::evaluate(network, result.weights, data, data::Dataset::Split::validation, request.spec.device);
  }
  const ModelCard card = card_of_training(network, data, report, net.card);
  write_architecture(network, request.out + "/network.json", {}, card);
  weights::write_safetensors(result.weights, request.out + "/network.safetensors", card_metadata(card));
  write_file_atomically(request.out + "/training.json", to_json(report).dump(2) + "\n");
  return report;
}

}  // namespace

void run_train_task(const nlohmann::json& json, companion::Reply& reply) {
  loop::catch_stop_signals();
  const companion::TrainRequest request = companion::train_request_from_json(json);
  const std::string checkpoint = request.out + "/training.state";
  check_folder(request, checkpoint);
  const run::NetworkRef net = run::resolve_network(request.network);
  const std::optional<FinishedTraining> before = finished_training(request.out);
  if (!before) {
    check_not_read(request, net);
    (void)starting_file(request, net);
  }
  fs::create_directories(request.out);
  const data::Dataset data = data::Dataset::open(
      request.data, data::cache_folder(request.out + "/cache"), [&](std::size_t done, std::size_t total) {
        reply.progress(companion::start_to_json("data: " + std::to_string(done) + " of " + std::to_string(total) +
                                                " images read"));
      });
  require_holdout(data);
  reply.progress(companion::start_to_json("data: " + data::to_string(data.contents())));
  for (const std::string& bad : data.contents().bad_files) {
    reply.progress(companion::start_to_json("left out: " + bad));
  }
  const Architecture network = proxy_network(net.architecture, data.px(), data.classes());
  libtorch::set_up_torch_process();
  TrainStart start;
  if (before) {
    check_extension(request, *before, network, data);
    start = {before->weights, before->report.from};
    reply.progress(companion::start_to_json("continues after " + std::to_string(before->report.images) + " images"));
  } else {
    start = training_start(request, net, network, data);
    reply.progress(companion::start_to_json("begins with " + start.text));
  }
  const std::int64_t done = before ? before->report.images : 0;
  // A part of its own: other batches than the first, and a learning rate that rises and falls once more.
  const std::uint64_t seed =
      before ? derive_seed(request.seed, static_cast<std::uint64_t>(done), "extension") : request.seed;
  std::size_t shown = 0;
  const train::TrainResult result = train::train(
      network, data, remaining(request.spec, done), seed,
      [&](const train::TrainResult& so_far) {
        for (; shown < so_far.rungs.size(); ++shown) {
          reply.progress(companion::rung_to_json(shifted(so_far.rungs[shown], done)));
        }
        return !loop::stop_requested();
      },
      checkpoint, start.weights ? &*start.weights : nullptr);
  companion::TrainResult answer{companion::TrainEnd::finished, done + result.images, {}};
  if (result.stopped) {
    answer.end = companion::TrainEnd::stopped;
  } else {
    if (result.diverged) {
      answer.end = companion::TrainEnd::diverged;
    } else {
      answer.report = write_files(request, net, network, data, result, start.text, before);
    }
    fs::remove(checkpoint);
  }
  reply.result(to_json(answer));
}

}  // namespace gensynth::worker
