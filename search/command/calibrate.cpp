#include "runtime/latency/calibrate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "architecture/json_reader.hpp"
#include "runtime/export/scatter_chart.hpp"
#include "search/command/command.hpp"

namespace gensynth {
namespace {

/// What is on one board with one version of a runtime and one setting has one colour.
std::string series_of(const Measurement& m) {
  std::string name = fmt::format("{} thread{}, {} GHz", m.threads, m.threads == 1 ? "" : "s", m.clock_ghz);
  for (const std::string& part : {m.runtime_version, m.board}) {
    if (!part.empty()) name += ", " + part;
  }
  return name;
}

ScatterChart chart_of(const CalibrationReport& report) {
  ScatterChart chart;
  chart.title = "Latency on " + report.device.name + ", predicted and measured";
  chart.subtitle = "each network predicted by a model that was fitted to the others; bands: 10 and 20 %";
  chart.unit = "ms";
  for (const RuntimeCalibration& result : report.runtimes) {
    ScatterChart::Panel panel;
    panel.title = result.runtime + " " + result.precision;
    panel.remark = fmt::format("{} measured; held out: mean {:.1f} %, median {:.1f} %", result.rows.size(),
                               result.held_out.mape, result.held_out.median);
    for (const CalibratedRow& row : result.rows) {
      const Measurement& m = row.measurement;
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

}  // namespace

void add_calibrate(CLI::App& program, int& exit_code) {
  struct Options {
    std::string measurements;
    std::string device;
    std::string out;
    Board board;
    std::string svg;
  };
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
          ->check(CLI::Range(0.01, 1024.0));
  CLI::Option* cache =
      command->add_option("--cache-kib", options->board.cache_kib, "its last cache before a shared one or memory")
          ->check(CLI::Range(1.0, 1e6));
  CLI::Option* block = command
                           ->add_option("--channel-block", options->board.channel_block,
                                        "channels in a block of maps in ONNX Runtime: AVX-512 16, AVX2 8, ARM 1")
                           ->capture_default_str()
                           ->check(CLI::Range(1, 64));
  CLI::Option* memory =
      command->add_option("--memory-gb-s", options->board.memory_gb_s, "its memory bandwidth from one core")
          ->check(CLI::Range(0.1, 1000.0));
  for (CLI::Option* fact : {cores, peak, cache}) name->needs(fact);
  for (CLI::Option* fact : {cores, peak, cache, memory, block}) fact->needs(name);
  command->callback([options, name, &exit_code] {
    const CalibrationReport report = calibrate_file(options->measurements, options->device, options->out,
                                                    name->count() > 0 ? std::optional(options->board) : std::nullopt);
    std::fputs(to_text(report).c_str(), stdout);
    std::fprintf(stderr, "wrote %s\n", options->out.c_str());
    if (!options->svg.empty()) {
      write_file_atomically(options->svg, to_svg(chart_of(report)));
      std::fprintf(stderr, "wrote %s\n", options->svg.c_str());
    }
    exit_code = kDone;
  });
}

}  // namespace gensynth
