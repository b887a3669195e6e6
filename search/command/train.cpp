#include <cstdio>
#include <nlohmann/json.hpp>

#include "architecture/base/json_reader.hpp"
#include "search/command/command.hpp"
#include "search/companion/calls.hpp"
#include "search/loop/signals.hpp"
#include "search/report/networks/training_report.hpp"
#include "search/run/network_ref.hpp"

namespace gensynth::command {
namespace {

struct Options {
  std::string net;
  std::string data;
  std::string out;
  std::string spec;
  std::int64_t images = 0;
  double learning_rate = 0;
  int batch = 0;
  int px = 0;
  int classes = -1;
  std::int64_t seed = 1;
  std::string device;
  bool resume = false;
  bool as_json = false;
};

constexpr int kEvaluations = 10;

/// --data takes a data object as JSON text, a file that holds one, "drawn", or a folder of images.
nlohmann::json data_of(const std::string& text) {
  if (text == "drawn") return {{"kind", "drawn"}};
  if (!text.empty() && text.front() == '{') return parse_json(text, "--data");
  if (text.size() > 5 && text.substr(text.size() - 5) == ".json") {
    const nlohmann::json file = read_json_file(text);
    return file.is_object() && file.contains("data") ? file["data"] : file;  // a job will do
  }
  return {{"kind", "folder"}, {"path", text}};
}

data::DataSpec data_spec(const Options& options) {
  nlohmann::json data = data_of(options.data);
  if (options.px > 0) data["px"] = options.px;
  if (options.classes >= 0) data["classes"] = options.classes;
  return data::data_spec_from_json(data, "--data", "");
}

/// --spec with the other options laid over it. Without rungs the hold-out is evaluated ten times on the way.
train::TrainSpec train_spec(const Options& options) {
  nlohmann::json spec = options.spec.empty() ? nlohmann::json::object() : read_json_file(options.spec);
  if (options.images > 0) {
    spec["images"] = options.images;
    spec.erase("rungs");
  }
  if (options.learning_rate > 0) spec["learning_rate"] = options.learning_rate;
  if (options.batch > 0) spec["batch"] = options.batch;
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
  companion::TrainRequest request{options.net, data_spec(options), train_spec(options),
                                  options.out, options.resume,     static_cast<std::uint64_t>(options.seed)};
  (void)run::resolve_network(options.net);  // reports bad input before gensynth-torch starts
  loop::catch_stop_signals();
  companion::CallOptions call;
  call.should_stop = loop::stop_requested;
  const std::optional<companion::TrainResult> result = companion::train(
      request, [](const train::RungResult& rung) { std::fputs(report::networks::rung_text(rung).c_str(), stderr); },
      call);
  if (!result) {
    std::fprintf(stderr, "stopped before the training began\n");
    return kStopped;
  }
  if (result->end == companion::TrainEnd::stopped) {
    std::fprintf(stderr, "stopped after %lld images; go on with the same command and --resume\n",
                 static_cast<long long>(result->images));
    return kStopped;
  }
  if (result->end == companion::TrainEnd::diverged) {
    std::fprintf(stderr, "the loss became NaN or infinite after %lld images; a smaller --lr may help\n",
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
      ->add_option("--data", options->data, "'drawn', a folder of images, a JSON object or file (as \"data\" of a job)")
      ->required();
  command->add_option("--out", options->out, "folder for weights, checkpoint and history")->required();
  command->add_option("--spec", options->spec, "JSON file with training options (as \"proxy\" of a job)");
  command->add_option("--images", options->images, "images to train on, all epochs together")
      ->check(CLI::PositiveNumber);
  command->add_option("--lr", options->learning_rate, "peak learning rate")->check(CLI::PositiveNumber);
  command->add_option("--batch", options->batch, "images per step")->check(CLI::PositiveNumber);
  command->add_option("--px", options->px, "resolution of the images")->check(CLI::Range(8, 1024));
  command->add_option("--classes", options->classes, "first N classes; 0 = all")->check(CLI::NonNegativeNumber);
  command->add_option("--seed", options->seed, "of initial values and order")->capture_default_str();
  command->add_option("--device", options->device, "cpu or cuda");
  command->add_flag("--resume", options->resume, "go on from the checkpoint in --out");
  command->add_flag("--json", options->as_json, "for machines");
  command->callback([options, &exit_code] { exit_code = train(*options); });
}

}  // namespace gensynth::command
