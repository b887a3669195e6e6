#include "search/companion/messages.hpp"

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

int small(JsonReader& reader, const char* key, int low) { return static_cast<int>(reader.integer(key, low, INT_MAX)); }

std::uint64_t seed_of(JsonReader& reader) {
  const json& seed = reader.value("seed");
  if (!seed.is_number_integer()) reader.fail("seed", "expected a whole number, found " + seed.dump());
  return seed.get<std::uint64_t>();
}

}  // namespace

ordered_json to_json(const WorkerRequest& request) {
  return {{"store", request.store},
          {"name", request.name},
          {"parent", request.parent},
          {"lease_seconds", request.lease_seconds},
          {"once", request.once}};
}

WorkerRequest worker_request_from_json(const json& value) {
  JsonReader reader(value, "worker request");
  WorkerRequest request;
  request.store = reader.string("store");
  request.name = reader.string("name");
  request.parent = small(reader, "parent", 0);
  request.lease_seconds = reader.number("lease_seconds", 0, kHigh);
  request.once = reader.boolean("once");
  reader.finish();
  return request;
}

ordered_json to_json(const ExportRequest& request) {
  return {{"network", request.network},
          {"out", request.out},
          {"seed", request.seed},
          {"px", request.px},
          {"batch", request.batch},
          {"input", request.input},
          {"output", request.output},
          {"mean", request.mean},
          {"std", request.deviation},
          {"precision", to_string(request.precision)},
          {"quantisation", request.quantisation ? to_json(*request.quantisation) : ordered_json()}};
}

ExportRequest export_request_from_json(const json& value) {
  JsonReader reader(value, "export request");
  ExportRequest request;
  request.network = reader.string("network");
  request.out = reader.string("out");
  request.seed = seed_of(reader);
  request.px = small(reader, "px", 0);
  request.batch = small(reader, "batch", 0);
  request.input = reader.choice("input", {"", "normalised", "unit", "uint8"});
  request.output = reader.choice("output", {"logits", "softmax"});
  request.mean = numbers_from_json<float>(reader, "mean");
  request.deviation = numbers_from_json<float>(reader, "std");
  request.precision = precision_from_string(reader.choice("precision", precision_names()));
  const json& quantisation = reader.value("quantisation");
  if (!quantisation.is_null())
    request.quantisation = quantisation_from_json(quantisation, "export request, quantisation");
  reader.finish();
  return request;
}

ordered_json to_json(const ExportResult& result) {
  return {{"runtime", result.runtime},
          {"inputs", result.inputs},
          {"largest_difference", result.largest_difference},
          {"not_verified", result.not_verified},
          {"accelerated", result.accelerated},
          {"input", result.input},
          {"output", result.output},
          {"quantisation", result.quantisation ? to_json(*result.quantisation) : ordered_json()}};
}

ExportResult export_result_from_json(const json& value) {
  JsonReader reader(value, "export result");
  ExportResult result{
      reader.string("runtime"),      small(reader, "inputs", 0),    reader.number("largest_difference", 0, kHigh),
      reader.string("not_verified"), reader.boolean("accelerated"), reader.string("input"),
      reader.string("output")};
  const json& quantisation = reader.value("quantisation");
  if (!quantisation.is_null())
    result.quantisation = quantisation_choice_from_json(quantisation, "export result, quantisation");
  reader.finish();
  return result;
}

ordered_json to_json(const BenchRequest& request) {
  return {{"networks", request.networks},
          {"runtime", request.runtime},
          {"threads", request.timing.threads},
          {"warmup", request.timing.warmup},
          {"repeats", request.timing.repeats},
          {"min_seconds", request.timing.min_seconds},
          {"rounds", request.rounds},
          {"px", request.px},
          {"seed", request.seed}};
}

BenchRequest bench_request_from_json(const json& value) {
  JsonReader reader(value, "bench request");
  BenchRequest request;
  request.networks = strings_from_json(reader, "networks");
  request.runtime = reader.choice("runtime", {"onnxruntime", "libtorch", "libtorch-native"});
  request.timing.threads = small(reader, "threads", 1);
  request.timing.warmup = small(reader, "warmup", 0);
  request.timing.repeats = small(reader, "repeats", 1);
  request.timing.min_seconds = reader.number("min_seconds", 0, kHigh);
  request.rounds = small(reader, "rounds", 1);
  request.px = small(reader, "px", 0);
  request.seed = seed_of(reader);
  reader.finish();
  return request;
}

ordered_json to_json(const BenchResult& result) {
  ordered_json networks = ordered_json::array();
  for (const timing::BenchResult& network : result.networks) networks.push_back(timing::samples_to_json(network));
  return {{"runtime", result.runtime}, {"host", to_json(result.host)}, {"networks", networks}};
}

BenchResult bench_result_from_json(const json& value) {
  JsonReader reader(value, "bench result");
  BenchResult result;
  result.runtime = reader.string("runtime");
  result.host = timing::host_context_from_json(reader.value("host"), reader.source(), reader.at("host"));
  for (const json& network : reader.array("networks")) {
    result.networks.push_back(timing::samples_from_json(network, reader.source(), reader.at("networks")));
  }
  reader.finish();
  return result;
}

ordered_json to_json(const BenchProgress& progress) {
  return {{"round", progress.round}, {"network", progress.network}};
}

BenchProgress bench_progress_from_json(const json& value) {
  JsonReader reader(value, "bench progress");
  BenchProgress progress{small(reader, "round", 1), reader.string("network")};
  reader.finish();
  return progress;
}

}  // namespace gensynth::companion
