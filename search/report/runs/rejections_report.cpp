#include "search/report/runs/rejections_report.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "search/report/format.hpp"
#include "search/report/table.hpp"

namespace gensynth::report::runs {

std::string rejections_text(const std::vector<analysis::RuleRejections>& rejections) {
  Table table({"rule", "rejected", "share of proposals", "stage", "core-seconds spent", "closest miss"});
  table.optional({"core-seconds spent", "stage"});
  for (const analysis::RuleRejections& r : rejections) {
    table.row({r.rule, std::to_string(r.count), fmt::format("{:.1f} %", 100 * r.share), to_string(r.stage),
               number_text(r.core_seconds, 1), fmt::format("{:.1f} % off the bound", 100 * r.closest)});
  }
  return table.text();
}

nlohmann::ordered_json rejections_json(const std::vector<analysis::RuleRejections>& rejections) {
  nlohmann::ordered_json result = nlohmann::ordered_json::object();
  for (const analysis::RuleRejections& r : rejections) {
    result[r.rule] = {{"rejected", r.count},
                      {"share", r.share},
                      {"stage", to_string(r.stage)},
                      {"core_seconds", r.core_seconds},
                      {"closest", r.closest}};
  }
  return result;
}

}  // namespace gensynth::report::runs
