#include "search/trial/trial.hpp"

#include <array>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

#include "architecture/base/error.hpp"
#include "architecture/base/json_reader.hpp"

namespace gensynth::trial {
namespace {

constexpr std::array<const char*, 8> kStateNames = {"proposed", "rejected", "duplicate", "queued",
                                                    "running",  "scored",   "pruned",    "failed"};

constexpr std::array<const char*, 9> kEventKinds = {"proposed",  "claimed",  "rung",   "finished", "lost",
                                                    "preempted", "requeued", "budget", "resumed"};

/// JSON has no NaN: a loss that is none is written as null.
nlohmann::ordered_json finite_or_null(double value) {
  return std::isfinite(value) ? nlohmann::ordered_json(value) : nlohmann::ordered_json();
}

}  // namespace

const char* to_string(TrialState state) { return kStateNames.at(static_cast<std::size_t>(state)); }

TrialState trial_state_from_string(const std::string& text) {
  for (const TrialState state : kTrialStates) {
    if (text == to_string(state)) return state;
  }
  throw Error("trial store: unknown trial state '" + text + "'", ErrorKind::environment);
}

const char* to_string(EventKind kind) { return kEventKinds.at(static_cast<std::size_t>(kind)); }

EventKind event_kind_from_string(const std::string& text) {
  for (std::size_t i = 0; i < kEventKinds.size(); ++i) {
    if (text == kEventKinds[i]) return static_cast<EventKind>(i);
  }
  throw Error("trial store: unknown event '" + text + "'", ErrorKind::environment);
}

bool is_final(TrialState state) {
  return state != TrialState::proposed && state != TrialState::queued && state != TrialState::running;
}

nlohmann::ordered_json to_json(const StateCounts& counts) {
  nlohmann::ordered_json result = nlohmann::ordered_json::object();
  for (const auto& [state, count] : counts) result[to_string(state)] = count;
  return result;
}

double rejecting_violation(const Trial& trial) {
  for (const constraints::Verdict& verdict : trial.verdicts) {
    if (verdict.constraint == trial.rule && !verdict.satisfied) return verdict.relative_violation();
  }
  return 0;
}

double accuracy_of(const Rung& rung, std::string_view objective_accuracy) {
  return objective_accuracy == "proxy_balanced_accuracy" ? rung.balanced_accuracy : rung.top1;
}

nlohmann::ordered_json to_json(const Rung& rung) {
  return {{"images", rung.images},
          {"train_loss", finite_or_null(rung.train_loss)},
          {"loss", finite_or_null(rung.loss)},
          {"top1", rung.top1},
          {"top5", rung.top5},
          {"balanced_accuracy", finite_or_null(rung.balanced_accuracy)}};
}

Rung rung_from_json(const nlohmann::json& value, const std::string& source, const std::string& pointer) {
  constexpr double kHigh = std::numeric_limits<double>::max();
  JsonReader reader(value, source, pointer);
  Rung rung;
  rung.images = reader.integer("images", 0, std::numeric_limits<std::int64_t>::max());
  const auto loss = [&](const char* key) {
    return reader.value(key).is_null() ? std::numeric_limits<double>::quiet_NaN() : reader.number(key, -kHigh, kHigh);
  };
  rung.train_loss = loss("train_loss");
  rung.loss = loss("loss");
  rung.top1 = reader.number("top1", 0, 100);
  rung.top5 = reader.number("top5", 0, 100);
  const bool has_balanced = reader.has("balanced_accuracy") && !reader.value("balanced_accuracy").is_null();
  rung.balanced_accuracy =
      has_balanced ? reader.number("balanced_accuracy", 0, 100) : std::numeric_limits<double>::quiet_NaN();
  reader.finish();
  return rung;
}

nlohmann::ordered_json number_or_null(const std::optional<double>& value) {
  return value ? nlohmann::ordered_json(*value) : nlohmann::ordered_json();
}

nlohmann::ordered_json to_json(const Trial& trial) {
  nlohmann::ordered_json verdicts = nlohmann::ordered_json::array();
  for (const constraints::Verdict& verdict : trial.verdicts) verdicts.push_back(to_json(verdict));
  nlohmann::ordered_json rungs = nlohmann::ordered_json::array();
  for (const Rung& rung : trial.rungs) rungs.push_back(to_json(rung));
  nlohmann::ordered_json result = {{"trial", trial.id},
                                   {"ordinal", trial.ordinal},
                                   {"state", to_string(trial.state)},
                                   {"attempt", trial.attempt},
                                   {"feasible", trial.feasible},
                                   {"u", number_or_null(trial.u)},
                                   {"stage", to_string(trial.stage)},
                                   {"rule", trial.rule},
                                   {"reason", trial.reason},
                                   {"metrics", to_json(trial.metrics)},
                                   {"verdicts", std::move(verdicts)},
                                   {"rungs", std::move(rungs)},
                                   {"core_seconds", trial.core_seconds},
                                   {"genotype", trial.genotype},
                                   {"hash", trial.hash},
                                   {"parents", trial.parents}};
  if (trial.duplicate_of != 0) result["duplicate_of"] = trial.duplicate_of;
  return result;
}

}  // namespace gensynth::trial
