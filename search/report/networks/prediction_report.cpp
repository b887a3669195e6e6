#include "search/report/networks/prediction_report.hpp"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "search/report/format.hpp"
#include "search/report/table.hpp"
#include "search/report/terminal.hpp"

namespace gensynth::report::networks {
namespace {

/// Effects below this many points are left out of the text; JSON has them all.
constexpr double kLeastPoints = 0.05;
constexpr const char* kRecipe = "a usual recipe for mobile networks on ImageNet";

std::string percent_text(double value) { return fmt::format("{:.1f} %", value); }

std::string details(const analysis::NetworkPrediction& p) {
  std::string text = "\nImageNet top-1 of a network trained by " + std::string(kRecipe) + "; 90 % interval\n" +
                     "model: " + p.model + ", fitted to " + p.fitted_to + "\n";
  for (const std::string& note : p.estimate.notes) text += "out of distribution: " + note + "\n";
  Table table({"effect, points", "figure", "value", "average", "meaning"});
  table.optional({"average", "value"});
  bool any = false;
  for (const accuracy::Contribution& c : p.contributions) {
    if (std::abs(c.points) < kLeastPoints) continue;
    table.row(
        {fmt::format("{:+.1f}", c.points), c.feature, number_text(c.value, 3), number_text(c.average, 3), c.meaning});
    any = true;
  }
  if (any) text += "\ncompared with the average reference network, one figure at a time:\n" + table.text();
  return text;
}

}  // namespace

std::string prediction_text(const std::vector<analysis::NetworkPrediction>& predictions) {
  Table table(
      {"network", "px", "top-1 predicted", "90 % interval", "in distribution", "distance", "published", "proxy"});
  table.optional({"distance", "px", "proxy"});
  for (const analysis::NetworkPrediction& p : predictions) {
    table.row({p.name, std::to_string(p.px), percent_text(p.estimate.top1),
               "[" + percent_text(p.estimate.low) + ", " + percent_text(p.estimate.high) + "]",
               p.estimate.in_distribution ? styled("yes", Style::good) : styled("no", Style::note),
               fmt::format("{:.2f}", p.estimate.distance), p.published ? percent_text(p.published->value) : "-",
               p.proxy ? percent_text(p.proxy->value) : "-"});
  }
  return table.text() + (predictions.size() == 1 ? details(predictions.front()) : "");
}

nlohmann::ordered_json prediction_json(const analysis::NetworkPrediction& p) {
  nlohmann::ordered_json figures = nlohmann::ordered_json::array();
  for (const accuracy::Contribution& c : p.contributions) {
    figures.push_back({{"figure", c.feature}, {"value", c.value}, {"average", c.average}, {"points", c.points}});
  }
  nlohmann::ordered_json json = {{"network", p.name},
                                 {"input_px", p.px},
                                 {"top1", p.estimate.top1},
                                 {"low", p.estimate.low},
                                 {"high", p.estimate.high},
                                 {"confidence", 0.9},
                                 {"recipe", kRecipe},
                                 {"model", p.model},
                                 {"in_distribution", p.estimate.in_distribution},
                                 {"distance", p.estimate.distance},
                                 {"notes", p.estimate.notes},
                                 {"figures", figures}};
  const auto measured = [](const Quantity& q) {
    return nlohmann::ordered_json{{"top1", q.value}, {"source", q.source}};
  };
  if (p.published) json["published"] = measured(*p.published);
  if (p.proxy) json["proxy"] = measured(*p.proxy);
  return json;
}

}  // namespace gensynth::report::networks
