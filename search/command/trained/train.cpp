#include <cstdio>
#include <nlohmann/json.hpp>
#include <optional>

#include "architecture/base/error.hpp"
#include "architecture/base/json_reader.hpp"
#include "search/command/command.hpp"
#include "search/command/shared/damage.hpp"
#include "search/command/shared/flags.hpp"
#include "search/command/trained/data_flag.hpp"
#include "search/companion/calls.hpp"
#include "search/loop/signals.hpp"
#include "search/report/networks/training_report.hpp"
#include "search/run/network_ref.hpp"

namespace gensynth::command::trained {
namespace {

struct Options {
  std::string net;
  std::string from;
  std::string data;
  std::string out;
  std::string spec;
  std::optional<std::int64_t> images;
  std::optional<double> learning_rate;
  std::optional<int> batch;
  std::optional<int> px;
  std::optional<int> classes;
  std::int64_t seed = 1;
  std::string device;
  bool resume = false;
  bool as_json = false;
};

constexpr int kEvaluations = 10;

data::DataSpec data_spec(const Options& options) {
  nlohmann::json data = data_of(options.data);
  if (options.px) data["px"] = *options.px;
  if (options.classes) data["classes"] = *options.classes;
  data::DataSpec spec = data::data_spec_from_json(data, "--data", "");
  if (spec.holdout == 0) {
    throw Error("--data: /holdout: 0 leaves no image to measure the training on, expected more than 0");
  }
  return spec;
}

/// --spec with the values of the other options. Without rungs the hold-out is evaluated ten times during training.
train::TrainSpec train_spec(const Options& options) {
  nlohmann::json spec = options.spec.empty() ? nlohmann::json::object() : read_json_file(options.spec);
  if (options.images) {
    spec["images"] = *options.images;
    spec.erase("rungs");
  }
  if (options.learning_rate) spec["learning_rate"] = *options.learning_rate;
  if (options.batch) spec["batch"] = *options.batch;
  if (!options.device.empty()) spec["device"] = options.device;
  train::TrainSpec result = train::train_spec_from_json(spec, "--spec", "");
  if (result.rungs.size() > 1 || spec.contains("rungs")) return result;
  result.rungs.clear();
  for (int i = 1; i <= kEvaluations; ++i) {
    const std::int64_t images = result.images * i / kEvaluations;
    if (images > (result.rungs.empty() ? 0 : result.rungs.back())) result.rungs.push_back(images);
  }
  return result;
}

int train(const Options& options) {
  companion::TrainRequest request;
  request.network = options.net;
  request.from = options.from;
  request.data = data_spec(options);
  request.spec = train_spec(options);
  request.out = options.out;
  request.resume = options.resume;
  request.seed = static_cast<std::uint64_t>(options.seed);
  for (const char* name : run::kTrainingFiles) {
    run::check_not_read(options.out + "/" + name, {options.data, options.spec});
  }
  shared::warn_of_damage(run::resolve_network(options.net).damaged);  // reports bad input before gensynth-torch starts
  loop::catch_stop_signals();
  companion::CallOptions call;
  call.should_stop = loop::stop_requested;
  const std::optional<companion::TrainResult> result = companion::train(
      request, [](const std::string& start) { std::fprintf(stderr, "%s\n", start.c_str()); },
      [](const train::RungResult& rung) { std::fputs(report::networks::rung_text(rung).c_str(), stderr); }, call);
  if (!result) {
    std::fprintf(stderr, "stopped before the training began\n");
    return kStopped;
  }
  if (result->end == companion::TrainEnd::stopped) {
    std::fprintf(stderr, "stopped after %lld images; continue with the same command and --resume\n",
                 static_cast<long long>(result->images));
    return kStopped;
  }
  if (result->end == companion::TrainEnd::diverged) {
    std::fprintf(
        stderr,
        "the loss became NaN, infinite or far above that of guessing after %lld images; a smaller --lr may help\n",
        static_cast<long long>(result->images));
    return kNo;
  }
  std::fputs((options.as_json ? to_json(*result->report).dump(2) + "\n"
                              : report::networks::training_text(*result->report, options.out))
                 .c_str(),
             stdout);
  return kDone;
}

}  // namespace

void add_train(CLI::App& program, int& exit_code) {
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand("train", "Train a network on a data set and evaluate it");
  command->add_option("NET", options->net, "architecture file, zoo:NAME, RUN or RUN#TRIAL")->required();
  command
      ->add_option("--data", options->data,
                   "'drawn', a folder or tar archive of images, a JSON object or file (as \"data\" of a job)")
      ->required();
  command->add_option("--out", options->out, "folder for weights, checkpoint and history")->required();
  command->add_option("--from", options->from,
                      "what to start from: weights (the network's own), scratch (initial values) or a file of "
                      "weights; by default weights, if the network has any");
  command->add_option("--spec", options->spec, "JSON file with training options (as \"proxy\" of a job)");
  const OptionList<train::TrainSpec>& training = train::train_options();
  const OptionList<data::DataSpec>& images = data::data_options();
  shared::add_key_option(*command, "--images", options->images, training.option("images"));
  shared::add_key_option(*command, "--lr", options->learning_rate, training.option("learning_rate"));
  shared::add_key_option(*command, "--batch", options->batch, training.option("batch"));
  shared::add_key_option(*command, "--px", options->px, images.option("px"));
  shared::add_key_option(*command, "--classes", options->classes, images.option("classes"));
  command->add_option("--seed", options->seed, "seed of initial values and of the order of images")
      ->capture_default_str()
      ->check(shared::seed_range());
  shared::add_key_option(*command, "--device", options->device, training.option("device"));
  command->add_flag("--resume", options->resume,
                    "continue from the checkpoint in --out; with more --images, extend a finished training");
  command->add_flag("--json", options->as_json, "print JSON");
  command->callback([options, &exit_code] { exit_code = train(*options); });
}

}  // namespace gensynth::command::trained
