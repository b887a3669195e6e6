#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "architecture/base/error.hpp"
#include "architecture/base/file.hpp"
#include "architecture/cost.hpp"
#include "architecture/rewrite/fold.hpp"
#include "architecture/zoo/zoo.hpp"
#include "runtime/accuracy/accuracy_model.hpp"
#include "runtime/charts/compare_chart.hpp"
#include "runtime/latency/latency_model.hpp"
#include "search/command/command.hpp"
#include "search/report/console.hpp"
#include "search/run/network_ref.hpp"

namespace gensynth::command {
namespace {

struct Options {
  std::vector<std::string> nets;
  latency::LatencyTarget target;
  std::vector<std::string> runtimes;
  std::vector<int> threads;
  std::string relative_to;
  std::string svg;
  bool folded = false;
  bool as_given = false;
  Form form() const { return as_given ? Form::as_given : Form::deployed; }
  bool as_json = false;
  bool as_csv = false;
};

/// One network: its cost, and its latency on each target.
struct Row {
  std::string name;
  int px = 0;
  Cost total;
  Metrics metrics;
  std::vector<Quantity> latencies;
  std::vector<double> throughputs;  ///< over the reference's
};

/// Published top-1 of a reference network, else what the model predicts.
Quantity top1_of(const std::string& text, const Architecture& architecture, const accuracy::AccuracyModel& accuracy) {
  if (text.rfind("zoo:", 0) == 0) {
    const std::string name = text.substr(4);
    for (const zoo::ZooFacts& facts : zoo::zoo_list()) {
      if (facts.name == name && facts.top1) return Quantity::measured(*facts.top1, "%", facts.top1_source);
    }
  }
  return accuracy.top1(architecture);
}

std::vector<latency::LatencyModel> models_of(const Options& options) {
  std::vector<latency::LatencyModel> models;
  for (const std::string& runtime : options.runtimes) {
    for (const int threads : options.threads) {
      latency::LatencyTarget target = options.target;
      target.runtime = runtime;
      target.threads = threads;
      models.emplace_back(target);
    }
  }
  return models;
}

Row measure(const std::string& text, const std::vector<latency::LatencyModel>& models, const Options& options) {
  run::NetworkRef net = run::resolve_network(text);
  if (options.folded) net.architecture = fold(net.architecture);
  Row row;
  row.name = text;
  row.px = net.architecture.shape(0).height;
  row.total = cost(net.architecture);
  set_cost(row.total, net.architecture.size(), row.metrics);
  for (const latency::LatencyModel& model : models)
    row.latencies.push_back(model.total(net.architecture, options.form()));
  row.metrics.set("latency_ms", row.latencies.front());
  row.metrics.set("top1", top1_of(text, net.architecture, accuracy::AccuracyModel()));
  if (const Quantity* proxy = net.trial ? net.trial->metrics.find("proxy_top1") : nullptr) {
    row.metrics.set("proxy_top1", *proxy);
  }
  return row;
}

const char* form_text(const Options& options) { return options.as_given ? "as given" : "as deployed"; }

std::string threads_text(int threads) { return std::to_string(threads) + (threads == 1 ? " thread" : " threads"); }

/// What all targets have in common.
std::string setting_text(const latency::LatencyTarget& t) {
  return fmt::format("{}, {:.2f} GHz, {}", t.device, t.clock_ghz, t.precision);
}

nlohmann::ordered_json to_json(const Row& row, const std::vector<latency::LatencyModel>& models) {
  nlohmann::ordered_json targets = nlohmann::ordered_json::array();
  for (std::size_t i = 0; i < models.size(); ++i) {
    const latency::LatencyTarget& t = models[i].target();
    targets.push_back({{"device", t.device},
                       {"runtime", t.runtime},
                       {"threads", t.threads},
                       {"clock_ghz", t.clock_ghz},
                       {"precision", t.precision},
                       {"latency_ms", row.latencies[i].value},
                       {"low", row.latencies[i].low},
                       {"high", row.latencies[i].high},
                       {"relative_throughput", row.throughputs[i]}});
  }
  return {{"network", row.name},
          {"relative_throughput", row.throughputs.front()},
          {"metrics", gensynth::to_json(row.metrics)},
          {"targets", targets}};
}

std::string csv_of(const std::vector<Row>& rows, const std::vector<latency::LatencyModel>& models) {
  report::Table table({"network", "params", "macs", "device", "runtime", "threads", "clock_ghz", "precision",
                       "latency_ms", "low", "high", "relative_throughput"});
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < models.size(); ++i) {
      const latency::LatencyTarget& t = models[i].target();
      table.row({row.name, std::to_string(row.total.params), std::to_string(row.total.macs), t.device, t.runtime,
                 std::to_string(t.threads), fmt::format("{}", t.clock_ghz), t.precision,
                 report::number_text(row.latencies[i].value, 4), report::number_text(row.latencies[i].low, 4),
                 report::number_text(row.latencies[i].high, 4), report::number_text(row.throughputs[i], 4)});
    }
  }
  return table.csv();
}

/// One target: everything known of each network.
std::string one_target_table(const std::vector<Row>& rows) {
  report::Table table({"network", "input", "params", "MACs", "latency (predicted)", "relative throughput",
                       "ImageNet top-1", "proxy top-1"});
  for (const Row& row : rows) {
    const Quantity& latency = row.latencies.front();
    const Quantity* proxy = row.metrics.find("proxy_top1");
    table.row({row.name, std::to_string(row.px), report::count_text(static_cast<double>(row.total.params)),
               report::count_text(static_cast<double>(row.total.macs)),
               report::number_text(latency.value) + " ms [" + report::number_text(latency.low) + ", " +
                   report::number_text(latency.high) + "]",
               report::number_text(row.throughputs.front()) + "x", report::quantity_text(*row.metrics.find("top1")),
               proxy != nullptr ? report::quantity_text(*proxy) : "-"});
  }
  return table.text();
}

/// Several targets: a column for each network.
std::string targets_table(const std::vector<Row>& rows, const std::vector<latency::LatencyModel>& models) {
  std::vector<std::string> heading{"runtime", "threads"};
  for (const Row& row : rows) heading.push_back(row.name.rfind("zoo:", 0) == 0 ? row.name.substr(4) : row.name);
  report::Table table(heading);
  for (std::size_t i = 0; i < models.size(); ++i) {
    std::vector<std::string> cells{models[i].target().runtime, std::to_string(models[i].target().threads)};
    for (const Row& row : rows) {
      cells.push_back(fmt::format("{:.2f}x ({:.1f} ms)", row.throughputs[i], row.latencies[i].value));
    }
    table.row(cells);
  }
  std::vector<std::string> sizes{"parameters", ""};
  for (const Row& row : rows) sizes.push_back(report::count_text(static_cast<double>(row.total.params)));
  table.row(sizes);
  return table.text();
}

charts::CompareChart chart_of(const Options& options, const std::vector<Row>& rows, const std::string& reference) {
  charts::CompareChart chart;
  chart.title = "Throughput relative to " + reference + ", and model size";
  chart.subtitle = "predicted for " + setting_text(options.target) +
                   (options.as_given ? ", networks as given"
                    : options.folded ? ", networks folded"
                                     : "");
  for (const Row& row : rows) chart.networks.push_back(row.name.rfind("zoo:", 0) == 0 ? row.name.substr(4) : row.name);
  for (std::size_t r = 0; r < options.runtimes.size(); ++r) {
    charts::CompareChart::Panel panel;
    panel.title = options.runtimes[r];
    panel.axis = "relative throughput";
    panel.reference = 1;
    for (const int threads : options.threads) panel.series.push_back(threads_text(threads));
    for (const Row& row : rows) {
      const auto first = row.throughputs.begin() + static_cast<std::ptrdiff_t>(r * options.threads.size());
      panel.values.emplace_back(first, first + static_cast<std::ptrdiff_t>(options.threads.size()));
    }
    chart.panels.push_back(std::move(panel));
  }
  charts::CompareChart::Panel size{"model size", "parameters, millions", {}, {}, 0};
  for (const Row& row : rows) size.values.push_back({static_cast<double>(row.total.params) / 1e6});
  chart.panels.push_back(std::move(size));
  return chart;
}

int compare(Options options) {
  if (options.runtimes == std::vector<std::string>{"all"}) {
    options.runtimes = latency::LatencyModel::runtimes(options.target.device, options.target.precision);
  }
  const std::vector<latency::LatencyModel> models = models_of(options);
  std::vector<Row> rows;
  for (const std::string& text : options.nets) rows.push_back(measure(text, models, options));
  const std::string reference = options.relative_to.empty() ? options.nets.front() : options.relative_to;
  const auto given = std::find(options.nets.begin(), options.nets.end(), reference);
  const Row base = given != options.nets.end() ? rows[static_cast<std::size_t>(given - options.nets.begin())]
                                               : measure(reference, models, options);
  for (Row& row : rows) {
    for (std::size_t i = 0; i < models.size(); ++i) {
      const double ms = row.latencies[i].value;
      row.throughputs.push_back(ms > 0 ? base.latencies[i].value / ms : 0);
    }
  }
  if (!options.svg.empty()) {
    write_file_atomically(options.svg, to_svg(chart_of(options, rows, reference)));
    std::fprintf(stderr, "wrote %s\n", options.svg.c_str());
  }
  if (options.as_json) {
    nlohmann::ordered_json out = nlohmann::ordered_json::array();
    for (const Row& row : rows) out.push_back(to_json(row, models));
    std::printf("%s\n", out.dump(2).c_str());
  } else if (options.as_csv) {
    std::printf("%s", csv_of(rows, models).c_str());
  } else if (models.size() == 1) {
    const latency::LatencyTarget& t = models.front().target();
    std::printf("%slatency predicted %s for %s, %s, %s; throughput relative to %s\n", one_target_table(rows).c_str(),
                form_text(options), t.runtime.c_str(), threads_text(t.threads).c_str(), setting_text(t).c_str(),
                reference.c_str());
  } else {
    std::printf("%sthroughput relative to %s, predicted %s for %s\n", targets_table(rows, models).c_str(),
                reference.c_str(), form_text(options), setting_text(options.target).c_str());
  }
  return kDone;
}

}  // namespace

void add_compare(CLI::App& program, int& exit_code) {
  auto options = std::make_shared<Options>();
  options->runtimes = {options->target.runtime};
  options->threads = {options->target.threads};
  CLI::App* command = program.add_subcommand("compare", "Several networks side by side, on one or several runtimes");
  command->add_option("NET", options->nets, "architecture files, zoo:NAME, RUN or RUN#TRIAL")->required();
  command->add_option("--device", options->target.device, "device to predict for, or a device file")
      ->capture_default_str();
  command->add_option("--runtime", options->runtimes, "inference runtimes, with commas between; or 'all'")
      ->delimiter(',')
      ->capture_default_str();
  command->add_option("--threads", options->threads, "threads of one inference, with commas between")
      ->delimiter(',')
      ->capture_default_str()
      ->check(CLI::Range(1, 256));
  command->add_option("--clock-ghz", options->target.clock_ghz, "core clock")
      ->capture_default_str()
      ->check(number_between(0.1, 10));
  command->add_option("--precision", options->target.precision, "fp32 or int8")->capture_default_str();
  command->add_option("--relative-to", options->relative_to, "network whose throughput is 1 (default: the first)");
  CLI::Option* folded =
      command->add_flag("--folded", options->folded, "count size as deployed too, as export --folded leaves it");
  command->add_flag("--as-given", options->as_given, "predict networks as they stand, not folded for deployment")
      ->excludes(folded);
  command->add_option("--svg", options->svg, "draw throughput and size into this file");
  CLI::Option* json = command->add_flag("--json", options->as_json, "for machines");
  command->add_flag("--csv", options->as_csv, "one line for each network and target")->excludes(json);
  command->callback([options, &exit_code] { exit_code = compare(*options); });
}

}  // namespace gensynth::command
