#include "search/report/networks/comparison_report.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "search/report/format.hpp"
#include "search/report/networks/target_text.hpp"
#include "search/report/table.hpp"

namespace gensynth::report::networks {
namespace {

using analysis::ComparedNetwork;
using analysis::NetworkComparison;

std::string count_text(std::int64_t value) { return gensynth::count_text(static_cast<double>(value)); }

std::string short_name(const ComparedNetwork& network) {
  return network.name.starts_with("zoo:") ? network.name.substr(4) : network.name;
}

const char* form_text(Form form) { return form == Form::as_given ? "as given" : "as deployed"; }

std::string one_target_table(const std::vector<ComparedNetwork>& networks) {
  Table table({"network", "input", "params", "MACs", "latency (predicted)", "relative throughput", "ImageNet top-1",
               "proxy top-1"});
  table.optional({"proxy top-1", "input"});
  for (const ComparedNetwork& network : networks) {
    const Quantity& latency = network.latencies.front();
    const Quantity* proxy = network.metrics.find("proxy_top1");
    table.row({network.name, std::to_string(network.px), count_text(network.total.params),
               count_text(network.total.macs),
               number_text(latency.value) + " ms [" + number_text(latency.low) + ", " + number_text(latency.high) + "]",
               number_text(network.throughputs.front()) + "x", quantity_text(*network.metrics.find("top1")),
               proxy != nullptr ? quantity_text(*proxy) : "-"});
  }
  return table.text();
}

std::string targets_table(const NetworkComparison& comparison) {
  std::vector<std::string> heading{"runtime", "threads"};
  for (const ComparedNetwork& network : comparison.networks) heading.push_back(short_name(network));
  Table table(heading);
  for (std::size_t i = 0; i < comparison.targets.size(); ++i) {
    std::vector<std::string> cells{comparison.targets[i].runtime, std::to_string(comparison.targets[i].threads)};
    for (const ComparedNetwork& network : comparison.networks) {
      cells.push_back(fmt::format("{:.2f}x ({:.1f} ms)", network.throughputs[i], network.latencies[i].value));
    }
    table.row(cells);
  }
  std::vector<std::string> sizes{"parameters", ""};
  for (const ComparedNetwork& network : comparison.networks) sizes.push_back(count_text(network.total.params));
  table.row(sizes);
  return table.text();
}

}  // namespace

std::string comparison_text(const NetworkComparison& comparison) {
  const analysis::ComparisonRequest& request = comparison.request;
  if (comparison.targets.size() > 1) {
    return fmt::format("{}throughput relative to {}, predicted {} for {}\n", targets_table(comparison),
                       request.reference, form_text(request.form), setting_text(request.target));
  }
  const latency::LatencyTarget& t = comparison.targets.front();
  return fmt::format("{}latency predicted {} for {}, {}, {}; throughput relative to {}\n",
                     one_target_table(comparison.networks), form_text(request.form), t.runtime, threads_text(t.threads),
                     setting_text(t), request.reference);
}

std::string comparison_csv(const NetworkComparison& comparison) {
  Table table({"network", "params", "macs", "device", "runtime", "threads", "clock_ghz", "precision", "latency_ms",
               "low", "high", "relative_throughput"});
  for (const ComparedNetwork& network : comparison.networks) {
    for (std::size_t i = 0; i < comparison.targets.size(); ++i) {
      const latency::LatencyTarget& t = comparison.targets[i];
      const Quantity& latency = network.latencies[i];
      table.row({network.name, std::to_string(network.total.params), std::to_string(network.total.macs), t.device,
                 t.runtime, std::to_string(t.threads), fmt::format("{}", t.clock_ghz), to_string(t.precision),
                 number_text(latency.value, 4), number_text(latency.low, 4), number_text(latency.high, 4),
                 number_text(network.throughputs[i], 4)});
    }
  }
  return table.csv();
}

nlohmann::ordered_json comparison_json(const NetworkComparison& comparison) {
  nlohmann::ordered_json result = nlohmann::ordered_json::array();
  for (const ComparedNetwork& network : comparison.networks) {
    nlohmann::ordered_json targets = nlohmann::ordered_json::array();
    for (std::size_t i = 0; i < comparison.targets.size(); ++i) {
      nlohmann::ordered_json target = target_json(comparison.targets[i]);
      target["latency_ms"] = network.latencies[i].value;
      target["low"] = network.latencies[i].low;
      target["high"] = network.latencies[i].high;
      target["relative_throughput"] = network.throughputs[i];
      targets.push_back(std::move(target));
    }
    result.push_back({{"network", network.name},
                      {"relative_throughput", network.throughputs.front()},
                      {"metrics", to_json(network.metrics)},
                      {"targets", targets}});
  }
  return result;
}

charts::CompareChart comparison_chart(const NetworkComparison& comparison) {
  const analysis::ComparisonRequest& request = comparison.request;
  charts::CompareChart chart;
  chart.title = "Throughput relative to " + request.reference + ", and model size";
  chart.subtitle = "predicted for " + setting_text(request.target) +
                   (request.form == Form::as_given ? ", networks as given"
                    : request.folded               ? ", networks folded"
                                                   : "");
  for (const ComparedNetwork& network : comparison.networks) chart.networks.push_back(short_name(network));
  for (std::size_t r = 0; r < request.runtimes.size(); ++r) {
    charts::CompareChart::Panel panel;
    panel.title = request.runtimes[r];
    panel.axis = "relative throughput";
    panel.reference = 1;
    for (const int threads : request.threads) panel.series.push_back(threads_text(threads));
    for (const ComparedNetwork& network : comparison.networks) {
      const auto first = network.throughputs.begin() + static_cast<std::ptrdiff_t>(r * request.threads.size());
      panel.values.emplace_back(first, first + static_cast<std::ptrdiff_t>(request.threads.size()));
    }
    chart.panels.push_back(std::move(panel));
  }
  charts::CompareChart::Panel size{"model size", "parameters, millions", {}, {}, 0};
  for (const ComparedNetwork& network : comparison.networks) {
    size.values.push_back({static_cast<double>(network.total.params) / 1e6});
  }
  chart.panels.push_back(std::move(size));
  return chart;
}

}  // namespace gensynth::report::networks
