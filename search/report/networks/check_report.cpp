#include "search/report/networks/check_report.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "search/report/networks/target_text.hpp"
#include "search/report/table.hpp"
#include "search/report/terminal.hpp"

namespace gensynth::report::networks {

std::string check_text(const analysis::NetworkCheck& check) {
  Table table({"constraint", "kind", "verdict", "measured", "bound", "why"});
  table.optional({"bound", "kind"});
  std::string soft;
  for (const constraints::Verdict& v : check.verdicts) {
    const Style style = v.satisfied ? Style::good : v.hard ? Style::bad : Style::note;
    table.row({v.constraint, v.hard ? "hard" : "soft", styled(v.satisfied ? "met" : "violated", style),
               fmt::format("{:.4g} {}", v.measured, v.unit), fmt::format("{:.4g} {}", v.bound, v.unit), v.message});
    if (!v.hard && !v.satisfied) soft += (soft.empty() ? "" : ", ") + v.constraint;
  }
  std::string text = check.rules.empty() ? "" : "judged by " + check.rules + "\n";
  text += "latency is predicted for " + target_text(check.target) + "\n" + table.text();
  for (const std::string& name : check.not_judged) text += name + ": not judged, it needs a trained network\n";
  text += check.architecture.name() + " is " +
          (check.feasible ? styled("feasible", Style::good) : styled("infeasible", Style::bad));
  if (!soft.empty()) text += "; soft constraints violated: " + soft;
  return text + "\n";
}

nlohmann::ordered_json check_json(const analysis::NetworkCheck& check) {
  nlohmann::ordered_json verdicts = nlohmann::ordered_json::array();
  for (const constraints::Verdict& verdict : check.verdicts) verdicts.push_back(to_json(verdict, check.architecture));
  return {{"network", check.architecture.name()}, {"feasible", check.feasible}, {"rules", check.rules},
          {"target", target_json(check.target)},  {"verdicts", verdicts},       {"not_judged", check.not_judged},
          {"metrics", to_json(check.metrics)}};
}

}  // namespace gensynth::report::networks
