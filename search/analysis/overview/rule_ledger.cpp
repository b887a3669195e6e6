#include "search/analysis/overview/rule_ledger.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <regex>

namespace gensynth::analysis::overview {
namespace {

std::string asks_of(const constraints::ConstraintSpec& spec) {
  const auto expression = spec.parameters.find("expression");
  if (expression != spec.parameters.end()) return expression->get<std::string>();
  std::string text;
  for (const auto& [key, value] : spec.parameters.items()) {
    text += (text.empty() ? "" : ", ") + key + " " +
            (value.is_number_float() ? fmt::format("{:g}", value.get<double>()) : value.dump());
  }
  return text;
}

double median_of(std::vector<double> values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

/// The metric of a kind that bounds one, and whether from above.
std::optional<std::pair<std::string, bool>> bounded_metric(const std::string& kind) {
  static const std::map<std::string, std::pair<std::string, bool>> kinds = {
      {"max_params", {"params", true}},
      {"min_params", {"params", false}},
      {"max_macs", {"macs", true}},
      {"min_macs", {"macs", false}},
      {"max_latency", {"latency_ms", true}},
      {"max_peak_memory", {"peak_memory_bytes", true}},
      {"min_column_heterogeneity", {"column_heterogeneity", false}},
      {"max_independence_trend", {"independence_trend", true}},
      {"top1", {"top1", false}}};
  const auto found = kinds.find(kind);
  return found == kinds.end() ? std::nullopt : std::optional(found->second);
}

/// The bounds in an expression whose comparisons are joined by `and` alone.
void add_expression_bounds(const constraints::ConstraintSpec& spec, std::vector<MetricBound>& bounds) {
  static const std::regex any_other(R"(\bor\b|\bnot\b|\|\||!|[()])");
  static const std::regex simple(R"(^\s*([A-Za-z_]\w*)\s*(<=|>=|<|>)\s*([0-9.]+(?:[eE][+-]?\d+)?)\s*$)");
  static const std::regex joint(R"(\band\b|&&)");
  const std::string text = spec.parameters.at("expression").get<std::string>();
  if (std::regex_search(text, any_other)) return;
  const std::sregex_token_iterator end;
  for (std::sregex_token_iterator part(text.begin(), text.end(), joint, -1); part != end; ++part) {
    const std::string comparison = part->str();
    std::smatch match;
    if (!std::regex_match(comparison, match, simple)) continue;
    bounds.push_back({spec.label, match[1], match[2].str().front() == '<', std::stod(match[3]), spec.hard});
  }
}

}  // namespace

std::vector<RuleRecord> rule_ledger(const std::vector<constraints::ConstraintSpec>& specs,
                                    const std::vector<trial::Trial>& trials) {
  std::vector<RuleRecord> records;
  std::map<std::string, std::size_t> place;
  const auto record_of = [&](const std::string& rule) -> std::size_t {
    const auto [found, is_new] = place.try_emplace(rule, records.size());
    if (is_new) {
      RuleRecord record;
      record.rule = rule;
      records.push_back(std::move(record));
    }
    return found->second;
  };
  for (const constraints::ConstraintSpec& spec : specs) {
    RuleRecord& record = records[record_of(spec.label)];
    record.kind = spec.constraint;
    record.hard = spec.hard;
    record.asks = asks_of(spec);
  }
  std::map<std::size_t, std::vector<double>> misses;
  for (const trial::Trial& trial : trials) {
    for (const constraints::Verdict& verdict : trial.verdicts) {
      RuleRecord& record = records[record_of(verdict.constraint)];
      ++record.checked;
      record.violated += verdict.satisfied ? 0 : 1;
    }
    if (trial.state != trial::TrialState::rejected || trial.rule.empty()) continue;
    const std::size_t index = record_of(trial.rule);
    RuleRecord& record = records[index];
    const double miss = rejecting_violation(trial);
    if (record.rejected == 0 || miss < record.closest) {
      record.closest = miss;
      record.closest_trial = trial.id;
    }
    ++record.rejected;
    record.stage = std::max(record.stage, trial.stage);
    record.core_seconds += trial.core_seconds;
    misses[index].push_back(miss);
  }
  for (auto& [index, values] : misses) records[index].median = median_of(std::move(values));
  return records;
}

std::vector<MetricBound> metric_bounds(const std::vector<constraints::ConstraintSpec>& specs) {
  std::vector<MetricBound> bounds;
  for (const constraints::ConstraintSpec& spec : specs) {
    if (spec.constraint == "expression") {
      add_expression_bounds(spec, bounds);
    } else if (const auto metric = bounded_metric(spec.constraint); metric && spec.parameters.contains("bound")) {
      bounds.push_back(
          {spec.label, metric->first, metric->second, spec.parameters.at("bound").get<double>(), spec.hard});
    }
  }
  return bounds;
}

}  // namespace gensynth::analysis::overview
