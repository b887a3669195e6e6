#include "runtime/timing/timing.hpp"

#include <time.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "architecture/base/error.hpp"
#include "architecture/base/statistics.hpp"

namespace gensynth::timing {
namespace {

double processor_ms() {
  timespec now{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return 1e3 * static_cast<double>(now.tv_sec) + 1e-6 * static_cast<double>(now.tv_nsec);
}

double wall_ms() {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace

TimingSamples time_repeatedly(const TimingOptions& options, const std::function<void()>& run) {
  for (int i = 0; i < options.warmup; ++i) run();
  TimingSamples samples;
  const double begin = wall_ms();
  while (static_cast<int>(samples.wall_ms.size()) < options.repeats || wall_ms() - begin < 1e3 * options.min_seconds) {
    const double wall = wall_ms();
    const double cpu = processor_ms();
    run();
    samples.cpu_ms.push_back(processor_ms() - cpu);
    samples.wall_ms.push_back(wall_ms() - wall);
  }
  return samples;
}

TimingSummary summarise(std::vector<double> samples) {
  if (samples.empty()) throw Error("timing: no runs, expected at least one");
  TimingSummary summary;
  summary.runs = static_cast<int>(samples.size());
  summary.median = median(samples);
  summary.minimum = *std::min_element(samples.begin(), samples.end());
  for (double& sample : samples) sample = std::abs(sample - summary.median);
  summary.deviation = median(samples);
  return summary;
}

}  // namespace gensynth::timing
