#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "architecture/base/json_reader.hpp"
#include "search/companion/messages.hpp"

namespace gensynth::companion {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr double kHigh = std::numeric_limits<double>::max();
constexpr std::int64_t kMaxImages = std::numeric_limits<std::int64_t>::max();

/// JSON has no NaN: a loss that overflowed is null.
ordered_json finite_or_null(double value) { return std::isfinite(value) ? ordered_json(value) : ordered_json(); }

double number_or_nan(JsonReader& reader, const char* key) {
  return reader.value(key).is_null() ? std::numeric_limits<double>::quiet_NaN() : reader.number(key, -kHigh, kHigh);
}

ordered_json evaluation_to_json(const train::Evaluation& e) {
  return {{"top1", e.top1},
          {"top5", e.top5},
          {"loss", finite_or_null(e.loss)},
          {"balanced_accuracy", finite_or_null(e.balanced_accuracy)}};
}

/// Only the report of a training may be of an earlier version, which has no balanced accuracy.
enum class Origin { report, progress };

train::Evaluation read_evaluation(JsonReader& reader, Origin origin) {
  const bool lacking = origin == Origin::report && !reader.has("balanced_accuracy");
  const double balanced =
      lacking ? std::numeric_limits<double>::quiet_NaN() : number_or_nan(reader, "balanced_accuracy");
  return {reader.number("top1", 0, 100), reader.number("top5", 0, 100), number_or_nan(reader, "loss"), balanced};
}

train::Evaluation evaluation_from_json(const json& value, const std::string& source, const std::string& pointer) {
  JsonReader reader(value, source, pointer);
  const train::Evaluation evaluation = read_evaluation(reader, Origin::report);
  reader.finish();
  return evaluation;
}

train::RungResult read_rung(const json& value, const std::string& source, const std::string& pointer, Origin origin) {
  JsonReader reader(value, source, pointer);
  train::RungResult rung;
  rung.held_out = read_evaluation(reader, origin);
  rung.images = reader.integer("images", 0, kMaxImages);
  rung.train_loss = number_or_nan(reader, "train_loss");
  reader.finish();
  return rung;
}

}  // namespace

ordered_json rung_to_json(const train::RungResult& rung) {
  ordered_json result = evaluation_to_json(rung.held_out);
  result["images"] = rung.images;
  result["train_loss"] = finite_or_null(rung.train_loss);
  return result;
}

train::RungResult rung_from_json(const json& value) {
  return read_rung(value, "training progress", "", Origin::progress);
}

ordered_json start_to_json(const std::string& start) { return {{"start", start}}; }

std::optional<std::string> start_from_json(const json& value) {
  if (!value.is_object() || !value.contains("start")) return std::nullopt;
  JsonReader reader(value, "training progress");
  const std::string start = reader.string("start");
  reader.finish();
  return start;
}

ordered_json to_json(const TrainRequest& request) {
  return {{"network", request.network},    {"from", request.from}, {"data", to_json(request.data)},
          {"spec", to_json(request.spec)}, {"out", request.out},   {"resume", request.resume},
          {"seed", request.seed}};
}

TrainRequest train_request_from_json(const json& value) {
  JsonReader reader(value, "train request");
  TrainRequest request;
  request.network = reader.string("network");
  request.from = reader.string("from");
  request.data = data::data_spec_from_json(reader.value("data"), reader.source(), reader.at("data"));
  request.spec = train::train_spec_from_json(reader.value("spec"), reader.source(), reader.at("spec"));
  request.out = reader.string("out");
  request.resume = reader.boolean("resume");
  const json& seed = reader.value("seed");
  if (!seed.is_number_integer()) reader.fail("seed", "expected a whole number, found " + seed.dump());
  request.seed = seed.get<std::uint64_t>();
  reader.finish();
  return request;
}

ordered_json to_json(const TrainingReport& report) {
  ordered_json rungs = ordered_json::array();
  for (const train::RungResult& rung : report.rungs) rungs.push_back(rung_to_json(rung));
  return {{"network", report.network},
          {"data", report.data},
          {"images", report.images},
          {"seconds", report.seconds},
          {"torch", report.torch},
          {"from", report.from},
          {"spec", to_json(report.spec)},
          {"rungs", rungs},
          {"hold_out", evaluation_to_json(report.hold_out)},
          {"validation", report.validation ? evaluation_to_json(*report.validation) : ordered_json()},
          {"contents", report.contents ? data::to_json(*report.contents) : ordered_json()}};
}

TrainingReport training_report_from_json(const json& value) {
  JsonReader reader(value, "training report");
  TrainingReport report;
  report.network = reader.string("network");
  report.data = reader.string("data");
  report.images = reader.integer("images", 0, kMaxImages);
  report.seconds = reader.number("seconds", 0, kHigh);
  report.torch = reader.string("torch");
  report.from = reader.string("from");
  report.spec = train::train_spec_from_json(reader.value("spec"), reader.source(), reader.at("spec"));
  for (const json& rung : reader.array("rungs")) {
    report.rungs.push_back(read_rung(rung, reader.source(), reader.at("rungs"), Origin::report));
  }
  report.hold_out = evaluation_from_json(reader.value("hold_out"), reader.source(), reader.at("hold_out"));
  if (const json& validation = reader.value("validation"); !validation.is_null()) {
    report.validation = evaluation_from_json(validation, reader.source(), reader.at("validation"));
  }
  if (!reader.value("contents").is_null()) {
    report.contents = data::contents_from_json(reader.value("contents"), reader.source(), reader.at("contents"));
  }
  reader.finish();
  return report;
}

const char* to_string(TrainEnd end) {
  switch (end) {
    case TrainEnd::finished:
      return "finished";
    case TrainEnd::stopped:
      return "stopped";
    case TrainEnd::diverged:
      break;
  }
  return "diverged";
}

ordered_json to_json(const TrainResult& result) {
  return {{"end", to_string(result.end)},
          {"images", result.images},
          {"report", result.report ? to_json(*result.report) : ordered_json()}};
}

TrainResult train_result_from_json(const json& value) {
  JsonReader reader(value, "train result");
  TrainResult result;
  const std::string end = reader.choice("end", {"finished", "stopped", "diverged"});
  result.end = end == "finished" ? TrainEnd::finished : end == "stopped" ? TrainEnd::stopped : TrainEnd::diverged;
  result.images = reader.integer("images", 0, kMaxImages);
  if (const json& report = reader.value("report"); !report.is_null()) result.report = training_report_from_json(report);
  reader.finish();
  return result;
}

}  // namespace gensynth::companion
