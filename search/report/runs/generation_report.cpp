#include "search/report/runs/generation_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "generator/space/structure.hpp"
#include "search/report/format.hpp"
#include "search/report/table.hpp"

namespace gensynth::report::runs {
namespace {

using nlohmann::ordered_json;
using Rules = std::map<std::string, sampling::RejectionCount>;

double share_of(std::int64_t count, std::int64_t samples) {
  return static_cast<double>(count) / static_cast<double>(samples);
}

std::string asked_text(const sampling::SamplingRequest& request) {
  return request.condition.latency_ms ? fmt::format("{:g} ms", *request.condition.latency_ms) : "any";
}

ordered_json rules_json(const Rules& turned_down, std::int64_t samples) {
  ordered_json result = ordered_json::array();
  for (const auto& [rule, entry] : turned_down) {
    result.push_back({{"rule", rule},
                      {"count", entry.count},
                      {"share", share_of(entry.count, samples)},
                      {"closest", entry.closest}});
  }
  return result;
}

std::string rules_text(const Rules& turned_down, std::int64_t samples) {
  Table table({"rule", "rejected", "share of samples", "closest miss"});
  for (const auto& [rule, entry] : turned_down) {
    table.row({rule, std::to_string(entry.count), fmt::format("{:.1f} %", 100 * share_of(entry.count, samples)),
               fmt::format("{:.1f} % off the bound", 100 * entry.closest)});
  }
  return table.text();
}

ordered_json network_json(const sampling::Generation& generation, const sampling::GenerationAnswer& answer,
                          const sampling::SampledNetwork& network) {
  const std::string name = answer.network_name(network);
  const std::string file = generation.file_of(name);
  const Quantity& latency = network.metrics.at("latency_ms");
  return {{"name", name},
          {"seed", network.seed},
          {"asked_latency_ms", trial::number_or_null(answer.request.condition.latency_ms)},
          {"latency_ms", latency.value},
          {"low", latency.low},
          {"high", latency.high},
          {"params", network.metrics.at("params").value},
          {"macs", network.metrics.at("macs").value},
          {"tries", network.attempts},
          {"repaired", network.repaired},
          {"u", trial::number_or_null(network.u)},
          {"structure", answer.network_name(answer.emission.networks[network.structure])},
          {"hash", network.hash},
          {"file", file.empty() ? ordered_json() : ordered_json(file)},
          {"metrics", to_json(network.metrics)},
          {"genotype", network.genotype}};
}

ordered_json request_json(const sampling::GenerationAnswer& answer) {
  const auto& [request, emission] = answer;
  return {{"asked_latency_ms", trial::number_or_null(request.condition.latency_ms)},
          {"count", request.count},
          {"emitted", emission.networks.size()},
          {"streams", emission.streams},
          {"empty_streams", emission.empty},
          {"repeats", emission.repeats},
          {"samples", emission.samples},
          {"diversity", emission.diversity},
          {"least_latency_ms", trial::number_or_null(emission.latencies.min_ms)},
          {"greatest_latency_ms", trial::number_or_null(emission.latencies.max_ms)},
          {"turned_down", rules_json(emission.rejections, emission.samples)}};
}

std::string networks_table(const std::vector<sampling::GenerationAnswer>& answers) {
  Table table({"network", "requested", "latency ms (predicted)", "90 % interval", "top-1 % (predicted)", "params M",
               "MACs M", "U (predicted)", "tries", "variants"});
  table.optional({"tries", "variants", "90 % interval", "MACs M", "requested"});
  for (const sampling::GenerationAnswer& answer : answers) {
    const std::vector<sampling::SampledNetwork>& networks = answer.emission.networks;
    for (std::size_t i = 0; i < networks.size(); ++i) {
      const sampling::SampledNetwork& network = networks[i];
      if (network.structure != i) continue;  // a variant of a better one
      const auto variants = std::count_if(networks.begin(), networks.end(),
                                          [&](const sampling::SampledNetwork& n) { return n.structure == i; });
      const Quantity& latency = network.metrics.at("latency_ms");
      table.row(
          {answer.network_name(network), asked_text(answer.request), number_text(latency.value),
           fmt::format("[{:.1f}, {:.1f}]", latency.low, latency.high), number_text(network.metrics.at("top1").value, 1),
           number_text(network.metrics.at("params").value / 1e6, 3),
           number_text(network.metrics.at("macs").value / 1e6, 1), network.u ? number_text(*network.u) : "-",
           fmt::format("{}{}", network.attempts, network.repaired ? " (repaired)" : ""), std::to_string(variants - 1)});
    }
  }
  return table.text();
}

/// Reports that no network near the requested latency was found; "" if one was.
std::string out_of_reach(const sampling::SamplingRequest& request, const teaching::LatencyRange& met) {
  if (!request.condition.latency_ms) return "";
  const double asked = *request.condition.latency_ms;
  if (!met.min_ms) return "no candidate that was looked at meets the constraints\n";
  const auto nothing_near = [&](const char* which, double ms) {
    return fmt::format(
        "nothing near {:g} ms was found: of the candidates looked at that meet the constraints, the {} takes {} ms\n",
        asked, which, number_text(ms));
  };
  if (*met.min_ms > asked * (1 + teaching::kLatencyTolerance)) return nothing_near("fastest", *met.min_ms);
  if (*met.max_ms < asked * (1 - teaching::kLatencyTolerance)) return nothing_near("slowest", *met.max_ms);
  return "";
}

std::string answer_text(const sampling::GenerationAnswer& answer) {
  const auto& [request, emission] = answer;
  std::string text =
      fmt::format("\nlatency {}: {} of {} networks from {} streams ({} empty, {} repeated a network), {} samples\n",
                  asked_text(request), emission.networks.size(), request.count, emission.streams, emission.empty,
                  emission.repeats, emission.samples);
  if (emission.networks.size() > 1) {
    std::size_t structures = 0;
    for (std::size_t i = 0; i < emission.networks.size(); ++i)
      structures += emission.networks[i].structure == i ? 1 : 0;
    text += fmt::format(
        "two of them differ in {:.0f} % of their decisions on average; they are {} structures, of which the table has "
        "the best network each, with the number of its variants (less than {:g} % of the decisions differ)\n",
        100 * emission.diversity, structures, 100 * space::kDifferentStructure);
  }
  if (answer.complete()) return text;
  return text + out_of_reach(request, emission.latencies) +
         fmt::format("the budget of {} samples is used up\n", request.samples) +
         rules_text(emission.rejections, emission.samples);
}

}  // namespace

std::string generation_text(const sampling::Generation& generation) {
  std::string text = networks_table(generation.answers);
  for (const sampling::GenerationAnswer& answer : generation.answers) text += answer_text(answer);
  if (const auto& raw = generation.raw) {
    text += fmt::format("\n{} of {} raw samples meet every hard constraint that needs no training ({:.1f} %)\n",
                        raw->feasible, raw->samples, 100 * share_of(raw->feasible, raw->samples)) +
            rules_text(raw->rejections, raw->samples);
  }
  return text;
}

ordered_json generation_json(const sampling::Generation& generation) {
  ordered_json networks = ordered_json::array();
  ordered_json requests = ordered_json::array();
  for (const sampling::GenerationAnswer& answer : generation.answers) {
    for (const sampling::SampledNetwork& network : answer.emission.networks) {
      networks.push_back(network_json(generation, answer, network));
    }
    requests.push_back(request_json(answer));
  }
  ordered_json result = {{"run", generation.request.run},
                         {"seed", generation.request.seed},
                         {"networks", networks},
                         {"requests", requests}};
  if (const auto& raw = generation.raw) {
    result["raw"] = {{"samples", raw->samples},
                     {"feasible", raw->feasible},
                     {"share", share_of(raw->feasible, raw->samples)},
                     {"turned_down", rules_json(raw->rejections, raw->samples)}};
  }
  return result;
}

}  // namespace gensynth::report::runs
