#include "search/report/networks/bench_report.hpp"

#include <fmt/format.h>

#include "search/report/format.hpp"
#include "search/report/table.hpp"

namespace gensynth::report::networks {
namespace {

/// Name and version of the runtime; the version alone where it contains the name.
std::string runtime_text(const timing::BenchReport& report) {
  const std::string& version = report.results.front().samples.runtime;
  return version.starts_with(report.runtime) ? version : report.runtime + ", " + version;
}

}  // namespace

std::string bench_text(const timing::BenchReport& report) {
  Table table({"network", "input", "median ms", "deviation", "minimum", "cpu median", "cpu minimum", "runs"});
  table.optional({"cpu minimum", "minimum", "runs", "input"});
  for (const timing::BenchResult& result : report.results) {
    const timing::TimingSummary wall = timing::summarise(result.samples.wall_ms);
    const timing::TimingSummary cpu = timing::summarise(result.samples.cpu_ms);
    table.row({result.network, std::to_string(result.px), number_text(wall.median, 3), number_text(wall.deviation, 3),
               number_text(wall.minimum, 3), number_text(cpu.median, 3), number_text(cpu.minimum, 3),
               std::to_string(wall.runs)});
  }
  return fmt::format("{}\nmeasured: {}, {}, fp32, batch 1, {} warm-up runs, {} round{}\n", table.text(),
                     runtime_text(report), threads_text(report.options.threads), report.options.warmup, report.rounds,
                     report.rounds == 1 ? "" : "s");
}

}  // namespace gensynth::report::networks
