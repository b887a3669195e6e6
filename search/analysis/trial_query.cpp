#include "search/analysis/trial_query.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "architecture/base/error.hpp"
#include "architecture/metric_infos.hpp"
#include "constraints/rules/comparison.hpp"
#include "search/analysis/trial_list.hpp"

namespace gensynth::analysis {
namespace {

constexpr const char* kState = "state";

/// A state as a number, so that conditions can compare it.
std::optional<double> state_number(const std::string& name) {
  double number = 1;
  for (const trial::TrialState state : trial::kTrialStates) {
    if (name == to_string(state)) return number;
    ++number;
  }
  return std::nullopt;
}

std::optional<double> value_of(const trial::Trial& trial, const std::string& name) {
  if (const std::optional<double> state = state_number(name)) return state;
  if (name == "trial") return static_cast<double>(trial.id);
  if (name == "u") return trial.u;
  if (name == "feasible") return trial.state == trial::TrialState::scored && trial.feasible ? 1.0 : 0.0;
  if (name == "core_seconds") return trial.core_seconds;
  if (name == kState) return state_number(to_string(trial.state));
  return trial.metrics.value(name);
}

bool meets(const rules::MetricCondition& condition, const trial::Trial& trial) {
  for (const std::string& name : condition.used()) {
    if (!value_of(trial, name)) return false;
  }
  return condition.judge([&](const std::string& name) { return *value_of(trial, name); }).satisfied;
}

bool higher_is_better(const std::string& name) {
  return name == "u" || name == "feasible" || name == "top1" || name.starts_with("proxy_top");
}

void sort_by(const std::string& name, bool reverse, std::vector<trial::Trial>& trials) {
  const std::vector<std::string> known = query_names();
  if (std::find(known.begin(), known.end(), name) == known.end()) {
    throw Error("--sort " + name + ": unknown name" + suggestion(name, known) +
                ", expected trial, u, feasible, core_seconds, state or a metric");
  }
  const double sign = higher_is_better(name) != reverse ? -1 : 1;
  const auto key = [&](const trial::Trial& trial) {
    const std::optional<double> value = value_of(trial, name);
    return value ? sign * *value : std::numeric_limits<double>::infinity();
  };
  std::stable_sort(trials.begin(), trials.end(),
                   [&](const trial::Trial& a, const trial::Trial& b) { return key(a) < key(b); });
}

}  // namespace

std::vector<std::string> query_names() {
  std::vector<std::string> names = {"trial", "u", "feasible", "core_seconds", kState};
  for (const MetricInfo& info : metric_infos()) names.emplace_back(info.name);
  return names;
}

std::vector<trial::Trial> query_trials(const store::RunReader& store, const TrialQuery& query) {
  std::optional<rules::MetricCondition> condition;
  if (!query.where.empty()) {
    std::vector<std::string> names = query_names();
    for (const trial::TrialState state : trial::kTrialStates) names.emplace_back(to_string(state));
    try {
      condition.emplace(query.where, names);
    } catch (const Error& error) {
      throw Error(std::string("--where: ") + error.what());
    }
  }
  std::vector<trial::Trial> trials = listed_trials(store, query.state);
  if (condition) std::erase_if(trials, [&](const trial::Trial& trial) { return !meets(*condition, trial); });
  if (!query.sort.empty()) sort_by(query.sort, query.reverse, trials);
  if (query.limit > 0 && std::ssize(trials) > query.limit) trials.resize(static_cast<std::size_t>(query.limit));
  return trials;
}

}  // namespace gensynth::analysis
