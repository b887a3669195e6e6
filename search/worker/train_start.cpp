#include "search/worker/train_start.hpp"

#include <filesystem>
#include <nlohmann/json.hpp>

#include "architecture/base/error.hpp"
#include "architecture/base/json_reader.hpp"
#include "architecture/serialize.hpp"
#include "runtime/train/trainer.hpp"
#include "runtime/weights/safetensors.hpp"

namespace gensynth::worker {
namespace {

namespace fs = std::filesystem;

std::optional<ModelCard> card_of_file(const std::string& path) {
  const auto metadata = weights::read_metadata(path);
  const auto text = metadata.find("card");
  if (text == metadata.end()) return std::nullopt;
  const std::string place = path + ", metadata \"card\"";
  return model_card_from_json(parse_json(text->second, place), place);
}

/// Whether the training begins with the network's own weights, if it has any.
bool is_own(const companion::TrainRequest& request) { return request.from.empty() || request.from == "weights"; }

/// Why the last layer cannot be kept, or "".
std::string why_new_head(const Weights& weights, const std::string& head, const std::optional<ModelCard>& card,
                         const data::Dataset& data) {
  const auto found = weights.find(head + ".weight");
  if (found == weights.end() || found->second.shape.empty()) return "";  // check_weights reports it
  const std::int64_t outputs = found->second.shape.front();
  if (outputs != data.classes()) {
    return std::to_string(data.classes()) + " classes instead of " + std::to_string(outputs);
  }
  return card && !card->classes.empty() && card->classes != data.class_names() ? "the classes have other names" : "";
}

}  // namespace

std::string starting_file(const companion::TrainRequest& request, const run::NetworkRef& net) {
  if (request.from == "scratch") return "";
  if (request.from == "weights" && net.weights.empty()) {
    throw Error(request.network + ": there are no weights for it to start from; --from scratch uses initial values");
  }
  const std::string path = is_own(request) ? net.weights : request.from;
  if (!path.empty()) (void)weights::read_metadata(path);
  return path;
}

TrainStart training_start(const companion::TrainRequest& request, const run::NetworkRef& net,
                          const Architecture& network, const data::Dataset& data) {
  const std::string path = starting_file(request, net);
  if (path.empty()) {
    const std::string why = request.from.empty() ? ", since " + request.network + " has no weights" : "";
    return {std::nullopt, "initial values of seed " + std::to_string(request.seed) + why};
  }
  TrainStart start{weights::read_safetensors(path), path};
  const std::string head = network[network.output()].id;
  const std::string why = why_new_head(*start.weights, head, is_own(request) ? net.card : card_of_file(path), data);
  if (!why.empty()) {
    for (auto& [name, array] : train::starting_weights(network, request.seed)) {
      if (name.rfind(head + ".", 0) == 0) (*start.weights)[name] = array;
    }
    start.text += "; the last layer begins anew: " + why;
  }
  check_weights(network, *start.weights, path);
  return start;
}

std::optional<FinishedTraining> finished_training(const std::string& out) {
  const std::string path = out + "/training.json";
  if (!fs::exists(path)) return std::nullopt;
  FinishedTraining before;
  try {
    nlohmann::json report = read_json_file(path);
    if (report.is_object()) report.emplace("contents", nullptr);  // versions before it was recorded
    before.report = companion::training_report_from_json(report);
  } catch (const Error& error) {
    throw Error(path + ": " + error.what());
  }
  before.weights = weights::read_safetensors(out + "/network.safetensors");
  return before;
}

void check_extension(const companion::TrainRequest& request, const FinishedTraining& before,
                     const Architecture& network, const data::Dataset& data) {
  const companion::TrainingReport& report = before.report;
  if (report.data != data.id()) {
    throw Error(request.out + ": the training there is on other data (" + report.data + ", now " + data.id() +
                "); choose another --out");
  }
  if (to_json(read_architecture(request.out + "/network.json")) != to_json(network)) {
    throw Error(request.out + ": the training there is of another network than " + request.network +
                "; choose another --out");
  }
  check_weights(network, before.weights, request.out + "/network.safetensors");
  if (request.spec.images <= report.images) {
    throw Error(request.out + ": the training there has ended after " + std::to_string(report.images) +
                " images; a larger --images extends it");
  }
}

}  // namespace gensynth::worker
