#include "search/trial/trial_record.hpp"

#include <climits>
#include <nlohmann/json.hpp>

#include "architecture/base/error.hpp"
#include "architecture/base/text.hpp"
#include "architecture/base/whole_number.hpp"

namespace gensynth::trial {

using nlohmann::json;
using nlohmann::ordered_json;

namespace {

constexpr std::size_t kLongestReason = 200;  // the library repeats what it read last

/// Without the library's name and number.
std::string reason_of(const json::exception& error) {
  const std::string_view what = error.what();
  const std::size_t end = what.find("] ");
  return shortened(end == std::string_view::npos ? what : what.substr(end + 2), kLongestReason);
}

template <class Value>
Value checked(const std::optional<Value>& read, const char* key, const std::string& place) {
  if (!read) throw Error(place + ": /" + key + ": expected whole numbers", ErrorKind::environment);
  return *read;
}

std::int64_t trial_number(const json& value, const char* key, const std::string& place) {
  return checked(whole_number(value, 0, INT64_MAX), key, place);
}

}  // namespace

std::string trial_body(const Trial& trial) {
  ordered_json verdicts = ordered_json::array();
  for (const constraints::Verdict& verdict : trial.verdicts) verdicts.push_back(to_json(verdict));
  ordered_json rungs = ordered_json::array();
  for (const Rung& rung : trial.rungs) rungs.push_back(to_json(rung));
  const ordered_json body = {
      {"genotype", trial.genotype},        {"parents", trial.parents},         {"metrics", to_json(trial.metrics)},
      {"verdicts", std::move(verdicts)},   {"prune_below", trial.prune_below}, {"rungs", std::move(rungs)},
      {"u", number_or_null(trial.u)},      {"feasible", trial.feasible},       {"reason", trial.reason},
      {"duplicate_of", trial.duplicate_of}};
  return body.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

void read_trial_body(const std::string& text, const std::string& place, Trial& trial) {
  try {
    const json body = json::parse(text);
    trial.genotype = checked(whole_numbers(body.at("genotype"), 0, INT_MAX), "genotype", place);
    trial.parents.clear();
    for (const json& parent : body.at("parents")) trial.parents.push_back(trial_number(parent, "parents", place));
    trial.metrics = metrics_from_json(body.at("metrics"), place, "/metrics");
    trial.verdicts.clear();
    for (const json& v : body.at("verdicts"))
      trial.verdicts.push_back(constraints::verdict_from_json(v, place, "/verdicts"));
    trial.prune_below = body.at("prune_below").get<std::vector<double>>();
    trial.rungs.clear();
    for (const json& r : body.at("rungs")) trial.rungs.push_back(rung_from_json(r, place, "/rungs"));
    trial.u = body.at("u").is_null() ? std::nullopt : std::optional(body.at("u").get<double>());
    trial.feasible = body.at("feasible").get<bool>();
    trial.reason = body.at("reason").get<std::string>();
    trial.duplicate_of = trial_number(body.at("duplicate_of"), "duplicate_of", place);
  } catch (const json::exception& error) {
    throw Error(place + ": " + reason_of(error), ErrorKind::environment);
  }
}

std::string trial_message(const std::string& kind, const Trial& trial) {
  const json message = {{"kind", kind},
                        {"state", to_string(trial.state)},
                        {"stage", to_string(trial.stage)},
                        {"rule", trial.rule},
                        {"body", trial_body(trial)}};
  return message.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
}

std::string read_trial_message(const std::string& line, Trial& trial) {
  try {
    const json message = json::parse(line);
    trial.state = trial_state_from_string(message.at("state").get<std::string>());
    trial.stage = stage_from_string(message.at("stage").get<std::string>());
    trial.rule = message.at("rule").get<std::string>();
    read_trial_body(message.at("body").get<std::string>(),
                    "trial " + std::to_string(trial.id) + ": message from its process", trial);
    return message.at("kind").get<std::string>();
  } catch (const json::exception& error) {
    throw Error("trial " + std::to_string(trial.id) + ": damaged message from its process: " + reason_of(error),
                ErrorKind::internal);
  }
}

}  // namespace gensynth::trial
