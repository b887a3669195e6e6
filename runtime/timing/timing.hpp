#pragma once

#include <functional>
#include <string>
#include <vector>

namespace gensynth::timing {

/// How a network is timed: after `warmup` runs, until it has run `repeats` times and for `min_seconds`.
struct TimingOptions {
  int threads = 1;
  int warmup = 3;
  int repeats = 10;
  double min_seconds = 0.5;
};

/// One entry per run, in ms. Processor time is that of all threads of the process, so that on one thread it is what
/// the run takes on a core of its own, whatever else the machine does; on several it says nothing of latency.
struct TimingSamples {
  std::vector<double> wall_ms;
  std::vector<double> cpu_ms;
  std::string runtime;  ///< "onnxruntime 1.20.1 (node)", "libtorch 1.13.1"
};

/// Calls `run` as the options say.
TimingSamples time_repeatedly(const TimingOptions& options, const std::function<void()>& run);

struct TimingSummary {
  int runs = 0;
  double median = 0;
  double deviation = 0;  ///< median absolute deviation from the median, not scaled
  double minimum = 0;
};
/// Throws Error when there are none.
TimingSummary summarise(std::vector<double> samples);

}  // namespace gensynth::timing
