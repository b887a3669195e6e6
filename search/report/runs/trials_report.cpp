#include "search/report/runs/trials_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "search/report/format.hpp"
#include "search/report/table.hpp"
#include "search/report/terminal.hpp"

namespace gensynth::report::runs {
namespace {

using nlohmann::ordered_json;

std::string metric(const trial::Trial& trial, const char* name, double unit, int digits) {
  const auto value = trial.metrics.value(name);
  return value ? number_text(*value / unit, digits) : "-";
}

/// Where the hold-out has equally many images of each class, the two accuracies are equal.
bool differs_from_top1(const trial::Trial& trial) {
  const auto top1 = trial.metrics.value("proxy_top1");
  const auto balanced = trial.metrics.value("proxy_balanced_accuracy");
  return top1 && balanced && accuracies_differ(*top1, *balanced);
}

Table table_of(const std::vector<trial::Trial>& trials) {
  const bool balanced = std::any_of(trials.begin(), trials.end(), differs_from_top1);
  std::vector<std::string> headings = {"trial", "state", "feasible", "U", "proxy top-1 %"};
  if (balanced) headings.emplace_back("balanced %");
  for (const char* heading : {"latency ms (predicted)", "params M", "MACs M", "core-seconds", "why"}) {
    headings.emplace_back(heading);
  }
  Table table(headings);
  std::vector<std::string> optional = {"core-seconds", "MACs M", "params M", "feasible"};
  if (balanced) optional.insert(optional.begin(), "balanced %");
  table.optional(optional);
  for (const trial::Trial& t : trials) {
    std::vector<std::string> row = {std::to_string(t.id), to_string(t.state),
                                    t.state == trial::TrialState::scored ? (t.feasible ? "yes" : "no") : "-",
                                    t.u ? number_text(*t.u) : "-", metric(t, "proxy_top1", 1, 2)};
    if (balanced) row.push_back(metric(t, "proxy_balanced_accuracy", 1, 2));
    row.insert(row.end(), {metric(t, "latency_ms", 1, 2), metric(t, "params", 1e6, 3), metric(t, "macs", 1e6, 1),
                           number_text(t.core_seconds, 1), t.reason});
    table.row(row);
  }
  return table;
}

}  // namespace

std::string trials_text(const std::vector<trial::Trial>& trials) { return table_of(trials).text(); }
std::string trials_text(const std::vector<trial::Trial>& trials, int width) { return table_of(trials).text(width); }
std::string trials_csv(const std::vector<trial::Trial>& trials) { return table_of(trials).csv(); }

std::string trials_json_lines(const std::vector<trial::Trial>& trials) {
  std::string text;
  for (const trial::Trial& trial : trials) text += to_json(trial).dump() + "\n";
  return text;
}

std::string trial_text(const trial::Trial& trial, const space::SearchSpace& space) {
  Table metrics({"metric", "value", "source"});
  metrics.optional({"source"});
  for (const auto& [name, quantity] : trial.metrics) metrics.row({name, quantity_text(quantity), quantity.source});
  Table decisions({"decision", "choice"});
  const std::vector<space::Decision> made = space.decisions(trial.genotype);
  for (std::size_t i = 0; i < made.size(); ++i) decisions.row({made[i].name, space.label(made[i], trial.genotype[i])});
  return styled(fmt::format("trial {}: {}", trial.id, to_string(trial.state)), Style::bold) + "\n" + trial.reason +
         "\n\n" + metrics.text() + "\n" + decisions.text() + "\ngenotype " + nlohmann::json(trial.genotype).dump() +
         "\n";
}

std::string events_json_lines(const std::vector<analysis::LoggedEvent>& events) {
  std::string text;
  for (const auto& [event, trial] : events) {
    ordered_json line = {{"seq", event.seq},
                         {"time", event.time},
                         {"trial", event.trial},
                         {"event", to_string(event.kind)},
                         {"stage", to_string(event.stage)},
                         {"from", event.from},
                         {"to", event.to},
                         {"reason", event.reason}};
    if (trial) {
      line["metrics"] = to_json(trial->metrics);
      line["genotype"] = trial->genotype;
      line["parents"] = trial->parents;
    }
    text += line.dump(-1, ' ', false, ordered_json::error_handler_t::replace) + "\n";
  }
  return text;
}

}  // namespace gensynth::report::runs
