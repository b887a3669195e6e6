#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "architecture/architecture.hpp"
#include "architecture/metrics.hpp"

namespace gensynth {

template <class T>
class OptionList;

/// How an image becomes the input of a network: its largest centred square is cut out, scaled to px x px (the mean of
/// the covered area to shrink, bilinearly to grow), and normalised by channel, (value - mean) / deviation for values
/// from 0 to 1.
struct Preprocessing {
  int px = 0;  ///< that the weights were trained with
  std::string channels = "RGB";
  std::string crop = "centre_square";
  std::string resize = "area_or_bilinear";
  std::vector<double> mean;
  std::vector<double> deviation;
};

/// Everything besides the network that a user of trained weights needs: the section "card" of an architecture file, and
/// the metadata of weight files and model files. It does not affect the identity (hash) of the network.
struct ModelCard {
  Preprocessing preprocessing;
  std::vector<std::string> classes;  ///< by output
  std::string data;                  ///< identifier of the training data
  std::int64_t images = 0;           ///< trained on, repetitions counted
  std::int64_t trial = 0;            ///< of a search; 0 = none
  std::string job;                   ///< digest of its job, "" without one
  Metrics metrics;                   ///< predicted and measured figures with their provenance
};
const OptionList<ModelCard>& model_card_options();  ///< ranges and meaning of the JSON form

nlohmann::ordered_json to_json(const ModelCard& card);
/// Throws Error naming source, JSON pointer, value and what was expected.
ModelCard model_card_from_json(const nlohmann::json& value, const std::string& source, const std::string& pointer = "");
/// The section "card" of an architecture file, if it has one.
std::optional<ModelCard> card_in(const nlohmann::json& architecture_file, const std::string& source,
                                 const std::string& pointer = "");
/// Throws Error, naming `place`, when the card cannot belong to the network: its number of channels or of classes
/// differs. The size of images may differ: a network for large images may have been trained with small ones.
void check_card(const ModelCard& card, const Architecture& architecture, const std::string& place);

/// The card as metadata of a file, text by name: "card" is the whole of it, as JSON; "preprocessing", "classes"
/// and, for a network of a search, "trial" and "job" are parts of it, for readers that want one.
std::map<std::string, std::string> card_metadata(const ModelCard& card);

}  // namespace gensynth
