#include <nlohmann/json.hpp>

#include "architecture/base/error.hpp"
#include "architecture/base/json_reader.hpp"
#include "search/command/command.hpp"
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
  command->callback([options, &exit_code] {
    nlohmann::json data = data_of(options->data);
    if (options->px > 0) data["px"] = options->px;
    if (options->classes >= 0) data["classes"] = options->classes;
    nlohmann::json spec = options->spec.empty() ? nlohmann::json::object() : read_json_file(options->spec);
    if (options->images > 0) {
      spec["images"] = options->images;
      spec.erase("rungs");
    }
    if (options->learning_rate > 0) spec["learning_rate"] = options->learning_rate;
    if (options->batch > 0) spec["batch"] = options->batch;
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
