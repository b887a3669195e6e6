#include "search/companion/evaluation_messages.hpp"

#include <climits>
#include <nlohmann/json.hpp>

#include "architecture/base/json_reader.hpp"
#include "search/companion/message_arrays.hpp"

namespace gensynth::companion {

using nlohmann::json;
using nlohmann::ordered_json;

ordered_json to_json(const EvaluateRequest& request) {
  return {{"network", request.network},       {"data", to_json(request.data)}, {"split", request.split},
          {"own_images", request.own_images}, {"input", request.input},        {"mean", request.mean},
          {"std", request.deviation},         {"device", request.device}};
}

EvaluateRequest evaluate_request_from_json(const json& value) {
  JsonReader reader(value, "evaluate request");
  EvaluateRequest request;
  request.network = reader.string("network");
  request.data = data::data_spec_from_json(reader.value("data"), reader.source(), reader.at("data"));
  request.split = reader.choice("split", {"auto", "validation", "holdout", "training", "all"});
  request.own_images = reader.boolean("own_images");
  request.input = reader.choice("input", {"", "normalised", "unit", "uint8"});
  request.mean = numbers_from_json<double>(reader, "mean");
  request.deviation = numbers_from_json<double>(reader, "std");
  request.device = reader.string("device");
  reader.finish();
  return request;
}

ordered_json to_json(const EvaluateResult& result) {
  return {{"runtime", result.runtime},
          {"data", result.data},
          {"split", result.split},
          {"px", result.px},
          {"duplicates", result.duplicates},
          {"notes", result.notes},
          {"result", result.result.to_json()},
          {"contents", data::to_json(result.contents)}};
}

EvaluateResult evaluate_result_from_json(const json& value) {
  JsonReader reader(value, "evaluate result");
  EvaluateResult result{reader.string("runtime"),
                        reader.string("data"),
                        reader.string("split"),
                        static_cast<int>(reader.integer("px", 1, INT_MAX)),
                        static_cast<int>(reader.integer("duplicates", 0, INT_MAX)),
                        strings_from_json(reader, "notes"),
                        evaluation::Classification::from_json(reader.value("result"), reader.source() + ": /result"),
                        data::contents_from_json(reader.value("contents"), reader.source(), reader.at("contents"))};
  reader.finish();
  return result;
}

}  // namespace gensynth::companion
