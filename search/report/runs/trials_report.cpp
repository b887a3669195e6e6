#include "search/report/runs/trials_report.hpp"

#include <fmt/format.h>

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

Table table_of(const std::vector<trial::Trial>& trials) {
  Table table({"trial", "state", "feasible", "U", "proxy top-1 %", "latency ms (predicted)", "params M", "MACs M",
               "core-seconds", "why"});
  table.optional({"core-seconds", "MACs M", "params M", "feasible"});
  for (const trial::Trial& t : trials) {
    table.row({std::to_string(t.id), to_string(t.state),
               t.state == trial::TrialState::scored ? (t.feasible ? "yes" : "no") : "-", t.u ? number_text(*t.u) : "-",
               metric(t, "proxy_top1", 1, 2), metric(t, "latency_ms", 1, 2), metric(t, "params", 1e6, 3),
               metric(t, "macs", 1e6, 1), number_text(t.core_seconds, 1), t.reason});
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
