#include "runtime/timing/bench_report.hpp"

#include <algorithm>
#include <climits>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "architecture/base/error.hpp"
#include "architecture/base/json_reader.hpp"

namespace gensynth::timing {
namespace {

std::string format(const char* pattern, double value) {
  char text[40];
  std::snprintf(text, sizeof text, pattern, value);
  return text;
}

/// A field of a CSV file (RFC 4180).
std::string quoted(const std::string& text) {
  if (text.find_first_of(",\"\n") == std::string::npos) return text;
  std::string field = "\"";
  for (const char c : text) field += c == '"' ? "\"\"" : std::string(1, c);
  return field + "\"";
}

nlohmann::ordered_json summary_json(const TimingSummary& summary) {
  return {{"median_ms", summary.median}, {"deviation_ms", summary.deviation}, {"minimum_ms", summary.minimum}};
}

}  // namespace

const std::vector<std::string>& bench_statistic_names() {
  static const std::vector<std::string> names{"median", "minimum", "cpu-median", "cpu-minimum"};
  return names;
}

BenchStatistic bench_statistic(const std::string& name) {
  const auto& names = bench_statistic_names();
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) {
    throw Error("statistic '" + name + "', expected median, minimum, cpu-median or cpu-minimum" +
                suggestion(name, names));
  }
  return static_cast<BenchStatistic>(found - names.begin());
}

double latency_of(const BenchResult& result, BenchStatistic statistic) {
  const bool cpu = statistic == BenchStatistic::cpu_median || statistic == BenchStatistic::cpu_minimum;
  const bool minimum = statistic == BenchStatistic::wall_minimum || statistic == BenchStatistic::cpu_minimum;
  const TimingSummary summary = summarise(cpu ? result.samples.cpu_ms : result.samples.wall_ms);
  return minimum ? summary.minimum : summary.median;
}

nlohmann::ordered_json to_json(const BenchReport& report) {
  nlohmann::ordered_json networks = nlohmann::ordered_json::array();
  for (const BenchResult& result : report.results) {
    networks.push_back({{"network", result.network},
                        {"px", result.px},
                        {"runtime_version", result.samples.runtime},
                        {"latency_ms", latency_of(result, report.statistic)},
                        {"provenance", "measured"},
                        {"runs", result.samples.wall_ms.size()},
                        {"wall", summary_json(summarise(result.samples.wall_ms))},
                        {"cpu", summary_json(summarise(result.samples.cpu_ms))}});
  }
  return {{"context", to_json(report.host)},
          {"runtime", report.runtime},
          {"threads", report.options.threads},
          {"clock_ghz", report.clock_ghz},
          {"warmup", report.options.warmup},
          {"repeats", report.options.repeats},
          {"min_seconds", report.options.min_seconds},
          {"rounds", report.rounds},
          {"statistic", bench_statistic_names()[static_cast<std::size_t>(report.statistic)]},
          {"networks", networks}};
}

nlohmann::ordered_json samples_to_json(const BenchResult& result) {
  return {{"network", result.network},
          {"px", result.px},
          {"runtime_version", result.samples.runtime},
          {"wall_ms", result.samples.wall_ms},
          {"cpu_ms", result.samples.cpu_ms}};
}

BenchResult samples_from_json(const nlohmann::json& value, const std::string& source, const std::string& pointer) {
  JsonReader reader(value, source, pointer);
  const auto numbers = [&](const char* key) {
    std::vector<double> result;
    for (const nlohmann::json& item : reader.array(key)) {
      if (!item.is_number()) reader.fail(key, "expected numbers, found " + item.dump());
      result.push_back(item.get<double>());
    }
    return result;
  };
  BenchResult result;
  result.network = reader.string("network");
  result.px = static_cast<int>(reader.integer("px", 0, INT_MAX));
  result.samples.runtime = reader.string("runtime_version");
  result.samples.wall_ms = numbers("wall_ms");
  result.samples.cpu_ms = numbers("cpu_ms");
  reader.finish();
  return result;
}

std::string to_csv(const BenchReport& report) {
  std::string text = "network,runtime,runtime_version,precision,threads,clock_ghz,input,latency_ms,board,notes\n";
  for (const BenchResult& result : report.results) {
    const TimingSummary wall = summarise(result.samples.wall_ms);
    const TimingSummary cpu = summarise(result.samples.cpu_ms);
    const std::string notes = "wall " + format("%.4g", wall.median) + " +- " + format("%.2g", wall.deviation) +
                              " ms min " + format("%.4g", wall.minimum) + "; cpu " + format("%.4g", cpu.median) +
                              " ms min " + format("%.4g", cpu.minimum) + "; " + std::to_string(wall.runs) + " runs";
    text += quoted(result.network) + "," + report.runtime + "," + quoted(result.samples.runtime) + ",fp32," +
            std::to_string(report.options.threads) + "," + format("%.6g", report.clock_ghz) + "," +
            std::to_string(result.px) + "," + format("%.5g", latency_of(result, report.statistic)) + "," +
            quoted(report.host.processor) + "," + quoted(notes) + "\n";
  }
  return text;
}

}  // namespace gensynth::timing
