#include "search/companion/quantisation_messages.hpp"

#include <climits>
#include <limits>
#include <nlohmann/json.hpp>

#include "architecture/base/json_reader.hpp"
#include "search/companion/message_arrays.hpp"

namespace gensynth::companion {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr double kHigh = std::numeric_limits<double>::max();

double share(JsonReader& reader, const char* key) { return reader.number(key, 0, 100); }

QuantisedVertex vertex_from_json(const json& value) {
  JsonReader reader(value, "quantise result, a vertex");
  QuantisedVertex vertex{reader.string("id"), reader.string("op"), reader.boolean("integer"), reader.string("reason"),
                         reader.number("noise_db", -kHigh, kHigh)};
  reader.finish();
  return vertex;
}

}  // namespace

ordered_json to_json(const Quantisation& quantisation) {
  return {{"data", to_json(quantisation.data)},
          {"images", quantisation.images},
          {"calibration", quantisation.calibration},
          {"keep", quantisation.keep}};
}

Quantisation quantisation_from_json(const json& value, const std::string& source) {
  JsonReader reader(value, source);
  Quantisation quantisation;
  quantisation.data = data::data_spec_from_json(reader.value("data"), reader.source(), reader.at("data"));
  quantisation.images = static_cast<int>(reader.integer("images", 1, INT_MAX));
  quantisation.calibration = reader.choice("calibration", {"auto", "minmax", "percentile", "entropy"});
  quantisation.keep = strings_from_json(reader, "keep");
  reader.finish();
  return quantisation;
}

ordered_json to_json(const QuantisationChoice& choice) {
  return {{"calibration", choice.calibration},
          {"equalised_pairs", choice.equalised_pairs},
          {"corrected", choice.corrected},
          {"images", choice.images},
          {"data", choice.data},
          {"error", choice.error}};
}

QuantisationChoice quantisation_choice_from_json(const json& value, const std::string& source) {
  JsonReader reader(value, source);
  QuantisationChoice choice{
      reader.string("calibration"), static_cast<int>(reader.integer("equalised_pairs", 0, INT_MAX)),
      reader.boolean("corrected"),  static_cast<int>(reader.integer("images", 0, INT_MAX)),
      reader.string("data"),        reader.number("error", 0, kHigh)};
  reader.finish();
  return choice;
}

ordered_json to_json(const QuantiseRequest& request) {
  return {{"network", request.network}, {"quantisation", to_json(request.quantisation)},
          {"split", request.split},     {"own_images", request.own_images},
          {"mean", request.mean},       {"std", request.deviation}};
}

QuantiseRequest quantise_request_from_json(const json& value) {
  JsonReader reader(value, "quantise request");
  QuantiseRequest request;
  request.network = reader.string("network");
  request.quantisation = quantisation_from_json(reader.value("quantisation"), "quantise request, quantisation");
  request.split = reader.choice("split", {"auto", "validation", "holdout", "training", "all"});
  request.own_images = reader.boolean("own_images");
  request.mean = numbers_from_json<float>(reader, "mean");
  request.deviation = numbers_from_json<float>(reader, "std");
  reader.finish();
  return request;
}

ordered_json to_json(const QuantiseResult& result) {
  ordered_json vertices = ordered_json::array();
  for (const QuantisedVertex& vertex : result.vertices) {
    vertices.push_back({{"id", vertex.id},
                        {"op", vertex.op},
                        {"integer", vertex.integer},
                        {"reason", vertex.reason},
                        {"noise_db", vertex.noise_db}});
  }
  return {{"choice", to_json(result.choice)},
          {"split", result.split},
          {"images", result.images},
          {"top1_before", result.top1_before},
          {"top5_before", result.top5_before},
          {"top1_after", result.top1_after},
          {"top5_after", result.top5_after},
          {"agreement", result.agreement},
          {"bytes_before", result.bytes_before},
          {"bytes_after", result.bytes_after},
          {"vertices", vertices},
          {"notes", result.notes}};
}

QuantiseResult quantise_result_from_json(const json& value) {
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  JsonReader reader(value, "quantise result");
  QuantiseResult result;
  result.choice = quantisation_choice_from_json(reader.value("choice"), "quantise result, choice");
  result.split = reader.string("split");
  result.images = reader.integer("images", 0, kMost);
  result.top1_before = share(reader, "top1_before");
  result.top5_before = share(reader, "top5_before");
  result.top1_after = share(reader, "top1_after");
  result.top5_after = share(reader, "top5_after");
  result.agreement = share(reader, "agreement");
  result.bytes_before = reader.integer("bytes_before", 0, kMost);
  result.bytes_after = reader.integer("bytes_after", 0, kMost);
  for (const json& vertex : reader.array("vertices")) result.vertices.push_back(vertex_from_json(vertex));
  result.notes = strings_from_json(reader, "notes");
  reader.finish();
  return result;
}

}  // namespace gensynth::companion
