#include <nlohmann/json.hpp>
#include <optional>

#include "architecture/base/error.hpp"
#include "architecture/base/json_reader.hpp"
#include "runtime/data/dataset.hpp"
#include "runtime/train/trainer.hpp"
#include "search/command/command.hpp"
#include "search/run/network_ref.hpp"

namespace gensynth::command {
namespace {

struct Options {
  std::string net;
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
  const OptionList<train::TrainSpec>& training = train::train_options();
  const OptionList<data::DataSpec>& images = data::data_options();
  add_key_option(*command, "--images", options->images, training.option("images"));
  add_key_option(*command, "--lr", options->learning_rate, training.option("learning_rate"));
  add_key_option(*command, "--batch", options->batch, training.option("batch"));
  add_key_option(*command, "--px", options->px, images.option("px"));
  add_key_option(*command, "--classes", options->classes, images.option("classes"));
  command->add_option("--seed", options->seed, "of initial values and order")->capture_default_str();
  add_key_option(*command, "--device", options->device, training.option("device"));
  command->add_flag("--resume", options->resume, "go on from the checkpoint in --out");
  command->add_flag("--json", options->as_json, "for machines");
  command->callback([options, &exit_code] {
    nlohmann::json data = data_of(options->data);
    if (options->px) data["px"] = *options->px;
    if (options->classes) data["classes"] = *options->classes;
    nlohmann::json spec = options->spec.empty() ? nlohmann::json::object() : read_json_file(options->spec);
    if (options->images) {
      spec["images"] = *options->images;
      spec.erase("rungs");
    }
    if (options->learning_rate) spec["learning_rate"] = *options->learning_rate;
    if (options->batch) spec["batch"] = *options->batch;
    if (!options->device.empty()) spec["device"] = options->device;
    (void)run::resolve_network(options->net);  // bad input is told here, before anything heavy starts
    const nlohmann::json request = {{"net", options->net},
                                    {"data", data},
                                    {"spec", spec},
                                    {"out", options->out},
                                    {"resume", options->resume},
                                    {"seed", options->seed},
                                    {"json", options->as_json}};
    exit_code = run_companion("train", request.dump());
  });
}

}  // namespace gensynth::command
