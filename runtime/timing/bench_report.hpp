#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "runtime/timing/host.hpp"
#include "runtime/timing/timing.hpp"

namespace gensynth::timing {

/// Which figure of a network's runs stands for its latency. On one thread of a machine that others use too, processor
/// time and the minimum are the least disturbed.
enum class BenchStatistic { wall_median, wall_minimum, cpu_median, cpu_minimum };
const std::vector<std::string>& bench_statistic_names();  ///< "median", "minimum", "cpu-median", "cpu-minimum"
/// Throws Error with the nearest name.
BenchStatistic bench_statistic(const std::string& name);

struct BenchResult {
  std::string network;  ///< as a calibration finds it: a reference network's name, or a file
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

/// The latency that stands for a network, in ms.
double latency_of(const BenchResult& result, BenchStatistic statistic);

nlohmann::ordered_json to_json(const BenchReport& report);
/// Rows as `gensynth calibrate` reads them.
std::string to_csv(const BenchReport& report);

}  // namespace gensynth::timing
