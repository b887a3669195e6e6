#include <cstdio>
#include <nlohmann/json.hpp>

#include "architecture/cost.hpp"
#include "architecture/zoo/zoo.hpp"
#include "runtime/accuracy/accuracy_model.hpp"
#include "runtime/latency/latency_model.hpp"
#include "search/command/command.hpp"
#include "search/console.hpp"
#include "search/net_argument.hpp"

namespace gensynth {
namespace {

struct Options {
  std::vector<std::string> nets;
  LatencyTarget target;
  bool as_json = false;
};

/// Published top-1 of a reference network, else what the model predicts.
Quantity top1_of(const std::string& text, const Architecture& architecture, const AccuracyModel& accuracy) {
  if (text.rfind("zoo:", 0) == 0) {
    const std::string name = text.substr(4);
    for (const ZooFacts& facts : zoo_list()) {
      if (facts.name == name && facts.top1) return Quantity::measured(*facts.top1, "%", facts.top1_source);
    }
  }
  return accuracy.top1(architecture);
}

int compare(const Options& options) {
  const LatencyModel model(options.target);
  const AccuracyModel accuracy;
  nlohmann::ordered_json rows = nlohmann::ordered_json::array();
  Table table({"network", "input", "params", "MACs", "latency (predicted)", "relative throughput", "ImageNet top-1",
               "proxy top-1"});
  double first_ms = 0;
  for (const std::string& text : options.nets) {
    const NetArgument net = load_net(text);
    const Cost total = cost(net.architecture);
    const Quantity latency = model.total(net.architecture);
    const Quantity top1 = top1_of(text, net.architecture, accuracy);
    const Quantity* proxy = net.trial ? net.trial->metrics.find("proxy_top1") : nullptr;
    if (first_ms == 0) first_ms = latency.value;
    const double throughput = latency.value > 0 ? first_ms / latency.value : 0;
    Metrics metrics;
    set_cost(total, net.architecture.size(), metrics);
    metrics.set("latency_ms", latency);
    metrics.set("top1", top1);
    if (proxy != nullptr) metrics.set("proxy_top1", *proxy);
    rows.push_back({{"network", text}, {"relative_throughput", throughput}, {"metrics", to_json(metrics)}});
    table.row({text, std::to_string(net.architecture.shape(0).height), count_text(static_cast<double>(total.params)),
               count_text(static_cast<double>(total.macs)),
               number_text(latency.value) + " ms [" + number_text(latency.low) + ", " + number_text(latency.high) + "]",
               number_text(throughput) + "x", quantity_text(top1), proxy != nullptr ? quantity_text(*proxy) : "-"});
  }
  if (options.as_json) {
    std::printf("%s\n", rows.dump(2).c_str());
  } else {
    std::printf("%s", table.text().c_str());
    const LatencyTarget& t = model.target();
    std::printf("latency predicted for %s, %s, %d thread(s), %.2f GHz, %s; throughput relative to the first\n",
                t.device.c_str(), t.runtime.c_str(), t.threads, t.clock_ghz, t.precision.c_str());
  }
  return kDone;
}

}  // namespace

void add_compare(CLI::App& program, int& exit_code) {
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand("compare", "Several networks side by side");
  command->add_option("NET", options->nets, "architecture files, zoo:NAME, RUN or RUN#TRIAL")->required();
  add_target_options(*command, options->target);
  command->add_flag("--json", options->as_json, "for machines");
  command->callback([options, &exit_code] { exit_code = compare(*options); });
}

}  // namespace gensynth
