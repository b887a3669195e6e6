#include "search/report/networks/zoo_report.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "search/report/format.hpp"
#include "search/report/table.hpp"
#include "search/report/terminal.hpp"

namespace gensynth::report::networks {

std::string zoo_text(const std::vector<ZooEntry>& entries) {
  Table table({"network", "family", "px", "params", "MACs", "ImageNet top-1 (published)"});
  table.optional({"family"});
  for (const auto& [facts, total] : entries) {
    table.row({facts.name, facts.family, std::to_string(facts.px), count_text(static_cast<double>(total.params)),
               count_text(static_cast<double>(total.macs)), facts.top1 ? number_text(*facts.top1, 1) + " %" : "-"});
  }
  return table.text();
}

nlohmann::ordered_json zoo_json(const std::vector<ZooEntry>& entries) {
  nlohmann::ordered_json result = nlohmann::ordered_json::array();
  for (const auto& [facts, total] : entries) {
    result.push_back({{"name", facts.name},
                      {"family", facts.family},
                      {"px", facts.px},
                      {"params", total.params},
                      {"macs", total.macs},
                      {"top1", facts.top1 ? nlohmann::ordered_json(*facts.top1) : nlohmann::ordered_json()},
                      {"top1_source", facts.top1_source},
                      {"source", facts.source}});
  }
  return result;
}

std::string zoo_network_text(const std::string& name, const Architecture& network, const zoo::ZooFacts* facts) {
  const Cost total = cost(network);
  std::string text = fmt::format(
      "{}: {} input, {} vertices, {} parameters, {} MACs\n", styled(name, Style::bold), to_string(network.shape(0)),
      network.size(), count_text(static_cast<double>(total.params)), count_text(static_cast<double>(total.macs)));
  if (facts == nullptr) return text;
  if (facts->top1) text += fmt::format("ImageNet top-1 {:.1f} % ({})\n", *facts->top1, facts->top1_source);
  return text + "layer table: " + facts->source + "\n";
}

}  // namespace gensynth::report::networks
