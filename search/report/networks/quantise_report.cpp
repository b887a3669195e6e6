#include "search/report/networks/quantise_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "search/report/table.hpp"

namespace gensynth::report::networks {
namespace {

std::string percent(double value) { return fmt::format("{:.2f} %", value); }

std::string ratio(double noise_db) {
  return noise_db >= companion::kExact ? "exact" : fmt::format("{:.1f} dB", noise_db);
}

std::string worst_text(const companion::QuantiseResult& result, std::size_t worst) {
  std::vector<companion::QuantisedVertex> vertices = result.vertices;
  std::stable_sort(vertices.begin(), vertices.end(),
                   [](const auto& a, const auto& b) { return a.noise_db < b.noise_db; });
  Table table({"vertex", "operator", "computed in", "signal to noise"});
  for (std::size_t i = 0; i < std::min(worst, vertices.size()); ++i) {
    const companion::QuantisedVertex& vertex = vertices[i];
    table.row({vertex.id, vertex.op, vertex.integer ? "int8" : "float32", ratio(vertex.noise_db)});
  }
  return table.text();
}

std::string floats_text(const companion::QuantiseResult& result) {
  std::map<std::string, std::vector<std::string>> by_reason;
  for (const companion::QuantisedVertex& vertex : result.vertices) {
    if (!vertex.integer) by_reason[vertex.op + ": " + vertex.reason].push_back(vertex.id);
  }
  if (by_reason.empty()) return "every vertex is computed in int8\n";
  std::string text = "in float32:\n";
  for (const auto& [reason, ids] : by_reason) {
    text += fmt::format("  {} {}: {}{}\n", ids.size(), reason, ids.front(), ids.size() > 1 ? ", ..." : "");
  }
  return text;
}

}  // namespace

std::string choice_text(const companion::QuantisationChoice& choice) {
  const std::string pairs = choice.equalised_pairs == 0
                                ? std::string("weights not equalised")
                                : fmt::format("{} pairs of layers equalised", choice.equalised_pairs);
  return fmt::format("{} images of {}; {}, {}, biases {}; error of the outputs {:.2g}", choice.images, choice.data,
                     choice.calibration, pairs, choice.corrected ? "corrected" : "as trained", choice.error);
}

std::string quantise_text(const std::string& network, const companion::QuantiseResult& result, std::size_t worst) {
  std::string text = fmt::format("{} in 8-bit integers\ncalibrated with {}\n", network, choice_text(result.choice));
  for (const std::string& note : result.notes) text += "note: " + note + "\n";
  text += fmt::format("{} images, split '{}'; integers simulated in LibTorch\n\n", result.images, result.split);
  Table table({"", "fp32", "int8", "change"});
  table.row({"top-1", percent(result.top1_before), percent(result.top1_after),
             fmt::format("{:+.2f}", result.top1_after - result.top1_before)});
  table.row({"top-5", percent(result.top5_before), percent(result.top5_after),
             fmt::format("{:+.2f}", result.top5_after - result.top5_before)});
  table.row({"bytes of weights", std::to_string(result.bytes_before), std::to_string(result.bytes_after),
             fmt::format("x {:.3f}", static_cast<double>(result.bytes_after) /
                                         static_cast<double>(std::max<std::int64_t>(1, result.bytes_before)))});
  text += table.text() + fmt::format("the same answer for {}\n\n", percent(result.agreement));
  return text + "most noise, added up along the network:\n" + worst_text(result, worst) + "\n" + floats_text(result);
}

nlohmann::ordered_json quantise_json(const std::string& network, const companion::QuantiseResult& result) {
  nlohmann::ordered_json json = {{"network", network}};
  json.update(to_json(result));
  return json;
}

}  // namespace gensynth::report::networks
