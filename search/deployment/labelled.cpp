#include "search/deployment/labelled.hpp"

#include <algorithm>
#include <numeric>

#include "architecture/base/error.hpp"
#include "architecture/base/joined.hpp"

namespace gensynth::deployment {
namespace {

using data::Dataset;

/// Images of one call of a runtime, which may have to start a process.
constexpr std::size_t kChunk = 512;

/// The number of a network's class for each class of the data.
std::vector<int> class_map(const Classifier& classifier, const Dataset& data, const std::string& network,
                           std::vector<std::string>& notes) {
  std::vector<int> map(static_cast<std::size_t>(data.classes()));
  if (!classifier.card() || classifier.card()->classes.empty()) {
    if (data.classes() != classifier.outputs()) {
      throw Error(network + ": has " + std::to_string(classifier.outputs()) + " outputs without names, the data " +
                  std::to_string(data.classes()) + " classes; expected equal numbers");
    }
    notes.emplace_back(
        "the names of the network's classes are not recorded; they are taken in the order of the data's");
    std::iota(map.begin(), map.end(), 0);
    return map;
  }
  const std::vector<std::string>& known = classifier.card()->classes;
  for (std::size_t i = 0; i < map.size(); ++i) {
    const std::string& name = data.class_names()[i];
    const auto found = std::find(known.begin(), known.end(), name);
    if (found == known.end()) {
      throw Error("data: class '" + name + "' is none of the network's" + suggestion(name, known) + "; it has " +
                  std::to_string(known.size()) + ": " + joined(known));
    }
    map[i] = static_cast<int>(found - known.begin());
  }
  return map;
}

/// The part of a data set's identifier that names where its images are from.
std::string source_of(const std::string& id) { return id.substr(0, id.find(", ")); }

}  // namespace

Chosen choose_images(const Dataset& data, const std::string& split, bool own_images) {
  const auto& validation = data.split(Dataset::Split::validation);
  const auto& holdout = data.split(Dataset::Split::holdout);
  const auto& training = data.split(Dataset::Split::train);
  Chosen chosen{split, {}};
  if (chosen.name == "auto") chosen.name = !validation.empty() ? "validation" : own_images ? "all" : "holdout";
  if (chosen.name == "validation") chosen.images = validation;
  if (chosen.name == "holdout") chosen.images = holdout;
  if (chosen.name == "training") chosen.images = training;
  if (chosen.name == "all") {
    for (const auto* part : {&training, &holdout, &validation}) {
      chosen.images.insert(chosen.images.end(), part->begin(), part->end());
    }
    std::sort(chosen.images.begin(), chosen.images.end());
  }
  if (chosen.images.empty()) throw Error(data.id() + ": there are no images in the split '" + chosen.name + "'");
  return chosen;
}

evaluation::Classification classify(Classifier& classifier, const Dataset& data, const Chosen& chosen,
                                    const std::string& network, std::vector<std::string>& notes) {
  const std::vector<int> map = class_map(classifier, data, network, notes);
  const std::optional<ModelCard>& card = classifier.card();
  if (card && (chosen.name == "all" || chosen.name == "training") && source_of(card->data) == source_of(data.id())) {
    notes.emplace_back("the network was trained on some of these images, so that the accuracy is too high");
  }
  evaluation::Classification result(card && !card->classes.empty() ? card->classes : data.class_names());
  for (std::size_t begin = 0; begin < chosen.images.size(); begin += kChunk) {
    const std::size_t end = std::min(begin + kChunk, chosen.images.size());
    std::vector<const std::uint8_t*> pixels;
    for (std::size_t i = begin; i < end; ++i) pixels.push_back(data.pixels(chosen.images[i]));
    const std::vector<std::vector<float>> scores = classifier.scores(pixels);
    for (std::size_t i = begin; i < end; ++i) {
      result.add(map[static_cast<std::size_t>(data.label(chosen.images[i]))], scores[i - begin]);
    }
  }
  return result;
}

}  // namespace gensynth::deployment
