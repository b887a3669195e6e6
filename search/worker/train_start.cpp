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

TrainStart training_start(const companion::TrainRequest& request, const run::NetworkRef& net,
                          const Architecture& network, const data::Dataset& data) {
  const std::string scratch = "initial values of seed " + std::to_string(request.seed);
  if (request.from == "scratch") return {std::nullopt, scratch};
  const bool own = request.from.empty() || request.from == "weights";
  if (own && net.weights.empty()) {
    if (request.from == "weights") {
      throw Error(request.network + ": there are no weights for it to start from; --from scratch uses initial values");
    }
    return {std::nullopt, scratch + ", since " + request.network + " has no weights"};
  }
  const std::string path = own ? net.weights : request.from;
  TrainStart start{weights::read_safetensors(path), path};
  const std::string head = network[network.output()].id;
  const std::string why = why_new_head(*start.weights, head, own ? net.card : card_of_file(path), data);
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
    before.report = companion::training_report_from_json(read_json_file(path));
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
