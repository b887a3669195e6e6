#include "runtime/latency/calibration/calibrate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "architecture/base/error.hpp"
#include "architecture/base/file.hpp"
#include "runtime/charts/scatter_chart.hpp"
#include "search/command/command.hpp"

namespace gensynth::command {
namespace {

/// What one source measured on one board with one version of a runtime and one setting has one colour.
std::string series_of(const latency::calibration::Measurement& m) {
  std::string name = m.source.empty() ? "" : m.source + ", ";
  name += fmt::format("{} thread{}, {} GHz", m.threads, m.threads == 1 ? "" : "s", m.clock_ghz);
  for (const std::string& part : {m.runtime_version, m.board}) {
    if (!part.empty()) name += ", " + part;
  }
  return name;
}

charts::ScatterChart chart_of(const latency::calibration::CalibrationReport& report) {
  charts::ScatterChart chart;
  chart.title = "Latency on " + report.device.name + ", predicted and measured";
  chart.subtitle = "each network predicted by a model that was fitted to the others; bands: 10 and 20 %";
  chart.unit = "ms";
  for (const latency::calibration::RuntimeCalibration& result : report.runtimes) {
    charts::ScatterChart::Panel panel;
    panel.title = result.runtime + " " + result.precision;
    panel.remark = fmt::format("{} measured; held out: mean {:.1f} %, median {:.1f} %", result.rows.size(),
                               result.held_out.mape, result.held_out.median);
    for (const latency::calibration::CalibratedRow& row : result.rows) {
      const latency::calibration::Measurement& m = row.measurement;
      const std::string name = series_of(m);
      const auto found = std::find(panel.series.begin(), panel.series.end(), name);
      const auto series = static_cast<std::size_t>(found - panel.series.begin());
      if (found == panel.series.end()) panel.series.push_back(name);
      panel.points.push_back(
          {m.ms, row.held_out_ms, series, m.network + (m.px > 0 ? " at " + std::to_string(m.px) : "")});
    }
    chart.panels.push_back(std::move(panel));
  }
  return chart;
}

struct Options {
  std::string measurements;
  std::string device;
  std::string out;
  latency::calibration::Board board;
  std::string svg;
  bool as_json = false;
};

/// Told before the fit, which may take a minute, and before one of the two files is written.
void check_outputs(const Options& options) {
  namespace fs = std::filesystem;
  for (const std::string& path : {options.out, options.svg}) {
    const fs::path folder = fs::path(path).parent_path();
    if (fs::is_directory(path)) throw Error(path + ": is a folder, expected a file to write");
    if (!folder.empty() && !fs::is_directory(folder)) throw Error(path + ": there is no folder " + folder.string());
  }
  std::error_code none;  // where one of them does not exist
  for (const std::string& read : {options.measurements, options.device}) {
    if (fs::equivalent(options.svg, read, none)) {
      throw Error(options.svg + ": --svg names a file that is read, expected another to write");
    }
  }
  if (options.svg == options.out) throw Error(options.svg + ": --out and --svg name the same file");
}

nlohmann::ordered_json to_json(const std::vector<latency::model::SubsetError>& errors, const std::string& key) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const latency::model::SubsetError& error : errors) list.push_back(to_json(error, key));
  return list;
}

nlohmann::ordered_json to_json(const latency::calibration::CalibrationReport& report) {
  nlohmann::ordered_json runtimes = nlohmann::ordered_json::array();
  for (const latency::calibration::RuntimeCalibration& result : report.runtimes) {
    nlohmann::ordered_json rows = nlohmann::ordered_json::array();
    for (const latency::calibration::CalibratedRow& row : result.rows) {
      const latency::calibration::Measurement& m = row.measurement;
      rows.push_back({{"row", m.row},
                      {"network", m.network},
                      {"family", m.family},
                      {"px", m.px},
                      {"source", m.source},
                      {"board", m.board},
                      {"runtime_version", m.runtime_version},
                      {"threads", m.threads},
                      {"clock_ghz", m.clock_ghz},
                      {"measured_ms", m.ms},
                      {"fitted_ms", row.fitted_ms},
                      {"held_out_ms", row.held_out_ms}});
      if (row.unseen_ms > 0) rows.back()["unseen_ms"] = row.unseen_ms;
    }
    nlohmann::ordered_json parameters = nlohmann::ordered_json::object();
    for (std::size_t i = 0; i < latency::model::kParameters; ++i) {
      const latency::model::LatencyParameterInfo& info = latency::model::parameter_infos()[i];
      parameters[info.name] = {{"before", result.before[i]},
                               {"after", result.after[i]},
                               {"unit", info.unit},
                               {"meaning", info.meaning},
                               {"log_deviation", result.uncertainties[i]},
                               {"determined", latency::calibration::is_determined(result, i)}};
    }
    runtimes.push_back({{"runtime", result.runtime},
                        {"precision", result.precision},
                        {"measurements", result.rows.size()},
                        {"fitted", to_json(result.fitted)},
                        {"held_out", to_json(result.held_out)},
                        {"families", to_json(result.families, "family")},
                        {"sources", to_json(result.sources, "source")},
                        {"parameters", parameters},
                        {"rows", rows}});
  }
  return {{"device", report.device.name}, {"runtimes", runtimes}, {"sources", to_json(report.sources, "source")}};
}

}  // namespace

void add_calibrate(CLI::App& program, int& exit_code) {
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand("calibrate", "Fit a device's latency model to measurements");
  command->add_option("MEASUREMENTS", options->measurements, "CSV file (docs/latency.md tells its columns)")
      ->required();
  command->add_option("--device", options->device, "device to start from: a name, or a device file")->required();
  command->add_option("--out", options->out, "device file to write")->required();
  command->add_option("--svg", options->svg, "draw predicted over measured latency into this file");
  CLI::Option* name = command->add_option("--name", options->board.name, "a new board, which starts from the device");
  CLI::Option* cores =
      command->add_option("--cores", options->board.cores, "of the new board")->check(CLI::Range(1, 1024));
  CLI::Option* peak =
      command
          ->add_option("--macs-per-cycle", options->board.macs_per_cycle,
                       "FP32 multiply-adds that one core of it can do in a cycle: vector lanes times units")
          ->check(number_between(0.01, 1024));
  CLI::Option* cache =
      command->add_option("--cache-kib", options->board.cache_kib, "its last cache before a shared one or memory")
          ->check(number_between(1, 1e6));
  CLI::Option* block = command
                           ->add_option("--channel-block", options->board.channel_block,
                                        "channels in a block of maps in ONNX Runtime: AVX-512 16, AVX2 8, ARM 1")
                           ->capture_default_str()
                           ->check(CLI::Range(1, 64));
  CLI::Option* memory =
      command->add_option("--memory-gb-s", options->board.memory_gb_s, "its memory bandwidth from one core")
          ->check(number_between(0.1, 1000));
  for (CLI::Option* fact : {cores, peak, cache}) name->needs(fact);
  for (CLI::Option* fact : {cores, peak, cache, memory, block}) fact->needs(name);
  command->add_flag("--json", options->as_json, "for machines: errors in %, times in ms");
  command->callback([options, name, &exit_code] {
    check_outputs(*options);
    const latency::calibration::CalibrationReport report =
        latency::calibration::calibrate_file(options->measurements, options->device, options->out,
                                             name->count() > 0 ? std::optional(options->board) : std::nullopt);
    std::fputs((options->as_json ? to_json(report).dump(2) + "\n" : to_text(report)).c_str(), stdout);
    std::fprintf(stderr, "wrote %s\n", options->out.c_str());
    if (!options->svg.empty()) {
      write_file_atomically(options->svg, to_svg(chart_of(report)));
      std::fprintf(stderr, "wrote %s\n", options->svg.c_str());
    }
    exit_code = kDone;
  });
}

}  // namespace gensynth::command
