#include "search/report/networks/constraints_report.hpp"

#include <nlohmann/json.hpp>

#include "search/report/table.hpp"
#include "search/report/terminal.hpp"

namespace gensynth::report::networks {

nlohmann::ordered_json constraint_json(const constraints::ConstraintInfo& info) {
  nlohmann::ordered_json parameters = nlohmann::ordered_json::array();
  for (const constraints::ParameterInfo& p : info.parameters) {
    nlohmann::ordered_json entry = {{"name", p.name}, {"type", p.type}, {"default", p.fallback}, {"help", p.help}};
    if (p.low < p.high) entry["range"] = {p.low, p.high};
    if (!p.choices.empty()) entry["choices"] = p.choices;
    parameters.push_back(std::move(entry));
  }
  return {{"name", info.name},
          {"summary", info.summary},
          {"description", info.description},
          {"cost_class", to_string(info.cost_class)},
          {"hard_by_default", info.hard_by_default},
          {"origin", info.origin},
          {"parameters", parameters}};
}

nlohmann::ordered_json constraints_json(const registry::ConstraintRegistry& registry) {
  nlohmann::ordered_json all = nlohmann::ordered_json::array();
  for (const constraints::ConstraintInfo* info : registry.list()) all.push_back(constraint_json(*info));
  return all;
}

std::string constraints_text(const registry::ConstraintRegistry& registry) {
  Table table({"constraint", "default", "needs", "what it asks"});
  table.optional({"needs", "default"});
  for (const constraints::ConstraintInfo* info : registry.list()) {
    table.row({info->name, info->hard_by_default ? "hard" : "soft", to_string(info->cost_class), info->summary});
  }
  return table.text() + "\n`gensynth constraints describe NAME` prints how it measures and its parameters.\n";
}

std::string constraint_text(const constraints::ConstraintInfo& info) {
  Table table({"parameter", "type", "default", "meaning"});
  table.optional({"type"});
  table.row({"hard", "boolean", info.hard_by_default ? "true" : "false", "reject when violated, or only cost U"});
  table.row({"weight", "number", "1", "dB of U per unit of relative violation, when soft"});
  for (const constraints::ParameterInfo& p : info.parameters) {
    table.row({p.name, p.type, p.fallback.is_null() ? "(required)" : p.fallback.dump(), p.help});
  }
  return styled(info.name, Style::bold) + ": " + info.summary + "\n\n" + info.description + "\n\n" + table.text() +
         "\nIn a job: {\"constraint\": \"" + info.name + "\", ...}. Origin: " + info.origin + ".\n";
}

}  // namespace gensynth::report::networks
