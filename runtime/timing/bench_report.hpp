#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "runtime/timing/host.hpp"
#include "runtime/timing/timing.hpp"

namespace gensynth::timing {

/// The statistic of a network's runs that is reported as its latency. On one thread of a machine that other processes
/// use, processor time and the minimum are disturbed least.
enum class BenchStatistic { wall_median, wall_minimum, cpu_median, cpu_minimum };
const std::vector<std::string>& bench_statistic_names();  ///< "median", "minimum", "cpu-median", "cpu-minimum"
/// Throws Error with the nearest name.
BenchStatistic bench_statistic(const std::string& name);

struct BenchResult {
  std::string network;  ///< in the form that a calibration reads: a reference network's name, or a file
  int px = 0;
  TimingSamples samples;  ///< of all rounds
};

struct BenchReport {
  HostContext host;
  std::string runtime;  ///< as device files name it: "onnxruntime", "libtorch-onednn"
  TimingOptions options;
  int rounds = 1;
  double clock_ghz = 0;
  BenchStatistic statistic = BenchStatistic::wall_median;
  std::vector<BenchResult> results;
};

/// The latency of a network by that statistic, in ms.
double latency_of(const BenchResult& result, BenchStatistic statistic);

nlohmann::ordered_json to_json(const BenchReport& report);
/// The runs of one network in full: {"network", "px", "runtime_version", "wall_ms", "cpu_ms"}.
nlohmann::ordered_json samples_to_json(const BenchResult& result);
/// Throws Error naming source and pointer.
BenchResult samples_from_json(const nlohmann::json& value, const std::string& source, const std::string& pointer);

/// Rows in the CSV format that `gensynth calibrate` reads.
std::string to_csv(const BenchReport& report);

}  // namespace gensynth::timing
