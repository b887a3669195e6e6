#include "runtime/latency/model/calibration.hpp"

#include <nlohmann/json.hpp>

#include "architecture/base/json_reader.hpp"
#include "architecture/base/whole_number.hpp"

namespace gensynth::latency::model {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr double kMostPercent = 1e9;

std::vector<int> read_threads(JsonReader& reader, const std::string& key) {
  const auto threads = whole_numbers(reader.array(key), 1, kMostCores);
  if (!threads) reader.fail(key, "expected whole numbers from 1 to " + std::to_string(kMostCores));
  return *threads;
}

WorkRange read_range(JsonReader& reader, const std::string& key) {
  const json& range = reader.array(key);
  if (range.size() != 2 || !range[0].is_number() || !range[1].is_number() || range[0] > range[1]) {
    reader.fail(key, "expected [lowest, highest]");
  }
  return {range[0].get<double>(), range[1].get<double>()};
}

SubsetError read_family(JsonReader reader) {
  SubsetError error;
  error.name = reader.string("family");
  error.networks = static_cast<int>(reader.integer("networks", 1, 1'000'000'000));
  error.measurements = static_cast<int>(reader.integer("measurements", 1, 1'000'000'000));
  error.mape = reader.number("mape", 0, kMostPercent);
  error.bias = reader.number("bias", -100, kMostPercent);
  if (reader.has("unseen_mape")) error.unseen_mape = reader.number("unseen_mape", 0, kMostPercent);
  if (reader.has("unseen_bias")) error.unseen_bias = reader.number("unseen_bias", -100, kMostPercent);
  reader.finish();
  return error;
}

PredictionError read_error(JsonReader reader) {
  PredictionError error;
  error.mape = reader.number("mape", 0, kMostPercent);
  error.median = reader.number("median", 0, kMostPercent);
  if (reader.has("kendall")) error.kendall = reader.number("kendall", -1, 1);
  if (reader.has("spearman")) error.spearman = reader.number("spearman", -1, 1);
  reader.finish();
  return error;
}

}  // namespace

std::vector<double> clocks_from_json(JsonReader& reader, const std::string& key) {
  std::vector<double> clocks;
  for (const json& item : reader.array(key)) {
    if (!item.is_number() || item.get<double>() <= 0) reader.fail(key, "expected positive numbers");
    clocks.push_back(item.get<double>());
  }
  return clocks;
}

Calibration calibration_from_json(JsonReader reader) {
  Calibration calibration;
  calibration.measurements = static_cast<int>(reader.integer("measurements", 0, 1'000'000'000));
  calibration.interval = reader.number("interval", 0, 10);
  calibration.summary = reader.string("summary");
  calibration.threads = read_threads(reader, "threads");
  calibration.clocks_ghz = clocks_from_json(reader, "clocks_ghz");
  JsonReader ranges = reader.object("kernel_work");
  for (int c = 0; c < kKernelClasses; ++c) {
    const std::string& name = kernel_class_names()[static_cast<std::size_t>(c)];
    if (ranges.has(name)) calibration.ranges[static_cast<std::size_t>(c)] = read_range(ranges, name);
  }
  ranges.finish();
  if (reader.has("input_px")) calibration.inputs = read_range(reader, "input_px");
  if (reader.has("held_out")) calibration.held_out = read_error(reader.object("held_out"));
  if (reader.has("families")) {
    const json& families = reader.array("families");
    for (std::size_t i = 0; i < families.size(); ++i) {
      calibration.families.push_back(
          read_family(JsonReader(families[i], reader.source(), reader.at("families") + "/" + std::to_string(i))));
    }
  }
  reader.finish();
  return calibration;
}

ordered_json to_json(const PredictionError& error) {
  ordered_json value{{"mape", error.mape}, {"median", error.median}};
  if (error.kendall) value["kendall"] = *error.kendall;
  if (error.spearman) value["spearman"] = *error.spearman;
  return value;
}

ordered_json to_json(const SubsetError& error, const std::string& key) {
  ordered_json value{{key, error.name},
                     {"networks", error.networks},
                     {"measurements", error.measurements},
                     {"mape", error.mape},
                     {"bias", error.bias}};
  if (error.unseen_mape) value["unseen_mape"] = *error.unseen_mape;
  if (error.unseen_bias) value["unseen_bias"] = *error.unseen_bias;
  return value;
}

ordered_json to_json(const Calibration& calibration) {
  ordered_json ranges = ordered_json::object();
  for (std::size_t c = 0; c < kKernelClasses; ++c) {
    const WorkRange& range = calibration.ranges[c];
    if (range.seen()) ranges[kernel_class_names()[c]] = {range.low, range.high};
  }
  ordered_json value{{"measurements", calibration.measurements}, {"interval", calibration.interval},
                     {"summary", calibration.summary},           {"threads", calibration.threads},
                     {"clocks_ghz", calibration.clocks_ghz},     {"kernel_work", ranges}};
  const WorkRange& inputs = calibration.inputs;
  if (calibration.held_out) value["held_out"] = to_json(*calibration.held_out);
  if (inputs.seen()) value["input_px"] = {inputs.low, inputs.high};
  for (const SubsetError& error : calibration.families) value["families"].push_back(to_json(error, "family"));
  return value;
}

}  // namespace gensynth::latency::model
