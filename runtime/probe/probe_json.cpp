#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "architecture/base/json_reader.hpp"
#include "runtime/probe/probe.hpp"

namespace gensynth::probe {
namespace {

constexpr const char* kFormat = "gensynth.probe";
constexpr int kVersion = 1;

nlohmann::ordered_json number_or_null(double value) {
  return std::isfinite(value) ? nlohmann::ordered_json(value) : nlohmann::ordered_json(nullptr);
}

double read_number(JsonReader& reader, const std::string& key) {
  if (reader.value(key).is_null()) return std::numeric_limits<double>::quiet_NaN();
  constexpr double kLargest = std::numeric_limits<double>::max();
  return reader.number(key, -kLargest, kLargest);
}

}  // namespace

nlohmann::ordered_json to_json(const ProbeResult& result) {
  nlohmann::ordered_json responses = nlohmann::ordered_json::array();
  for (const VertexResponse& r : result.responses) {
    responses.push_back({{"vertex", r.vertex},
                         {"mean", number_or_null(r.mean)},
                         {"deviation", number_or_null(r.deviation)},
                         {"dead", number_or_null(r.dead)},
                         {"gradient", number_or_null(r.gradient)},
                         {"saliency", number_or_null(r.saliency)}});
  }
  return {{"format", kFormat},
          {"version", kVersion},
          {"loss", number_or_null(result.loss)},
          {"gradient_norm", number_or_null(result.gradient_norm)},
          {"finite", result.finite},
          {"seconds", result.seconds},
          {"responses", std::move(responses)}};
}

ProbeResult probe_from_json(const nlohmann::json& value, const std::string& source) {
  JsonReader reader(value, source);
  reader.format(kFormat, kVersion);
  ProbeResult result;
  result.loss = read_number(reader, "loss");
  result.gradient_norm = read_number(reader, "gradient_norm");
  result.finite = reader.boolean("finite");
  result.seconds = reader.number("seconds", 0, std::numeric_limits<double>::max());
  const nlohmann::json& responses = reader.array("responses");
  for (std::size_t i = 0; i < responses.size(); ++i) {
    JsonReader item(responses[i], source, "/responses/" + std::to_string(i));
    VertexResponse response;
    response.vertex = static_cast<int>(item.integer("vertex", 0, std::numeric_limits<int>::max()));
    response.mean = read_number(item, "mean");
    response.deviation = read_number(item, "deviation");
    response.dead = read_number(item, "dead");
    response.gradient = read_number(item, "gradient");
    response.saliency = read_number(item, "saliency");
    item.finish();
    result.responses.push_back(response);
  }
  reader.finish();
  return result;
}

}  // namespace gensynth::probe
