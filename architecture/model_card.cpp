#include "architecture/model_card.hpp"

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "architecture/base/error.hpp"
#include "architecture/base/json_reader.hpp"
#include "architecture/base/option.hpp"

namespace gensynth {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr double kMany = std::numeric_limits<std::int32_t>::max();

std::vector<double> read_numbers(JsonReader& reader, const char* key, bool positive) {
  std::vector<double> values;
  for (const json& item : reader.array(key)) {
    if (!item.is_number() || !std::isfinite(item.get<double>()) || (positive && item.get<double>() <= 0)) {
      reader.fail(key, std::string("found ") + item.dump() + ", expected " + (positive ? "positive " : "") +
                           "numbers, one for each channel");
    }
    values.push_back(item.get<double>());
  }
  return values;
}

OptionList<Preprocessing> declare_preprocessing() {
  OptionList<Preprocessing> options;
  options.add("px", &Preprocessing::px, between(1, kMany), "weights were trained with images of px x px")
      .shown_default = "required";
  options.add("channels", &Preprocessing::channels, one_of({"RGB"}), "order of the channels");
  options.add("crop", &Preprocessing::crop, one_of({"centre_square"}), "part of an image that is taken");
  options.add("resize", &Preprocessing::resize, one_of({"area_or_bilinear"}),
              "to px x px: mean of the covered area to shrink, bilinear to grow");
  options.custom(
      "mean", "by channel, of values from 0 to 1", R"({"type": "array", "items": {"type": "number"}})",
      [](JsonReader& reader, Preprocessing& p) { p.mean = read_numbers(reader, "mean", false); },
      [](const Preprocessing& p, ordered_json& out) { out["mean"] = p.mean; });
  options.custom(
      "std", "standard deviation by channel, of values from 0 to 1",
      R"({"type": "array", "items": {"type": "number", "exclusiveMinimum": 0}})",
      [](JsonReader& reader, Preprocessing& p) { p.deviation = read_numbers(reader, "std", true); },
      [](const Preprocessing& p, ordered_json& out) { out["std"] = p.deviation; });
  options.object_schema = R"({"required": ["px", "mean", "std"]})";
  return options;
}

const OptionList<Preprocessing>& preprocessing_options() {
  static const OptionList<Preprocessing> options = declare_preprocessing();
  return options;
}

void read_classes(JsonReader& reader, ModelCard& card) {
  for (const json& name : reader.array("classes")) {
    if (!name.is_string()) reader.fail("classes", "found " + name.dump() + ", expected names");
    card.classes.push_back(name.get<std::string>());
  }
}

OptionList<ModelCard> declare() {
  OptionList<ModelCard> options;
  options.object("preprocessing", &ModelCard::preprocessing, preprocessing_options(),
                 "how an image becomes the network's input");
  options.custom("classes", "names of the outputs, in order", R"({"type": "array", "items": {"type": "string"}})",
                 read_classes, [](const ModelCard& card, ordered_json& out) { out["classes"] = card.classes; });
  options.add("data", &ModelCard::data, anything(), "the training data");
  options.add("images", &ModelCard::images, at_least(0), "images trained on, repetitions counted");
  options.add("trial", &ModelCard::trial, at_least(0), "trial of the search; 0 = none");
  options.add("job", &ModelCard::job, anything(), "digest of the search's job");
  options.custom(
      "metrics", "figures with their provenance", R"({"type": "object"})",
      [](JsonReader& reader, ModelCard& card) {
        if (reader.has("metrics"))
          card.metrics = metrics_from_json(reader.value("metrics"), reader.source(), reader.at("metrics"));
      },
      [](const ModelCard& card, ordered_json& out) { out["metrics"] = to_json(card.metrics); });
  options.object_schema = R"({"required": ["preprocessing", "classes"]})";
  return options;
}

/// Names of classes are names of folders, which may be any bytes; those that are not UTF-8 are replaced.
std::string text_of(const ordered_json& value) {
  return value.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace

const OptionList<ModelCard>& model_card_options() {
  static const OptionList<ModelCard> options = declare();
  return options;
}

ordered_json to_json(const ModelCard& card) { return model_card_options().write(card); }

ModelCard model_card_from_json(const json& value, const std::string& source, const std::string& pointer) {
  ModelCard card = model_card_options().read(value, source, pointer);
  const Preprocessing& p = card.preprocessing;
  if (p.px == 0) throw Error(source + ": " + pointer + "/preprocessing/px: missing, expected the size of the images");
  if (p.mean.size() != p.deviation.size()) {
    throw Error(source + ": " + pointer + "/preprocessing: " + std::to_string(p.mean.size()) + " means and " +
                std::to_string(p.deviation.size()) + " standard deviations, expected as many of both");
  }
  return card;
}

std::optional<ModelCard> card_in(const json& architecture_file, const std::string& source, const std::string& pointer) {
  if (!architecture_file.is_object() || !architecture_file.contains("card")) return std::nullopt;
  return model_card_from_json(architecture_file.at("card"), source, pointer + "/card");
}

void check_card(const ModelCard& card, const Architecture& architecture, const std::string& place) {
  const Shape& in = architecture.shape(architecture.input());
  const Shape& out = architecture.shape(architecture.output());
  const Preprocessing& p = card.preprocessing;
  if (p.mean.size() != static_cast<std::size_t>(in.channels)) {
    throw Error(place + "/preprocessing/mean: " + std::to_string(p.mean.size()) + " values, but the network takes " +
                std::to_string(in.channels) + " channels");
  }
  if (!card.classes.empty() && card.classes.size() != static_cast<std::size_t>(out.channels)) {
    throw Error(place + "/classes: " + std::to_string(card.classes.size()) + " names, but the network has " +
                std::to_string(out.channels) + " outputs");
  }
}

std::map<std::string, std::string> card_metadata(const ModelCard& card) {
  const ordered_json whole = to_json(card);
  std::map<std::string, std::string> metadata{{"card", text_of(whole)},
                                              {"preprocessing", text_of(whole.at("preprocessing"))},
                                              {"classes", text_of(whole.at("classes"))}};
  if (card.trial > 0) metadata.emplace("trial", std::to_string(card.trial));
  if (!card.job.empty()) metadata.emplace("job", card.job);
  return metadata;
}

}  // namespace gensynth
