#pragma once

#include <functional>
#include <string>
#include <vector>

namespace gensynth::timing {

/// Options of a timing: after `warmup` runs, a network runs at least `repeats` times and for at least `min_seconds`.
struct TimingOptions {
  int threads = 1;
  int warmup = 3;
  int repeats = 10;
  double min_seconds = 0.5;
};

/// One entry for each run, in ms. Processor time is that of all threads of the process: on one thread it is the time on
/// an undisturbed core, whatever else the machine does; on several threads it is no measure of latency.
struct TimingSamples {
  std::vector<double> wall_ms;
  std::vector<double> cpu_ms;
  std::string runtime;  ///< "onnxruntime 1.20.1 (node)", "libtorch 1.13.1"
};

/// Calls `run` repeatedly, as the options specify.
TimingSamples time_repeatedly(const TimingOptions& options, const std::function<void()>& run);

struct TimingSummary {
  int runs = 0;
  double median = 0;
  double deviation = 0;  ///< median absolute deviation from the median, not scaled
  double minimum = 0;
};
/// Throws Error when there are no samples.
TimingSummary summarise(std::vector<double> samples);

}  // namespace gensynth::timing
