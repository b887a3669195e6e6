#include "search/analysis/pareto_front.hpp"

#include <algorithm>
#include <limits>

namespace gensynth::analysis {

std::vector<trial::Trial> pareto_front(const std::vector<trial::Trial>& trials, const std::string& accuracy) {
  std::vector<trial::Trial> sorted;
  for (const trial::Trial& trial : trials) {
    if (trial.feasible && trial.metrics.value("latency_ms") && trial.metrics.value(accuracy)) sorted.push_back(trial);
  }
  const auto latency = [](const trial::Trial& t) { return *t.metrics.value("latency_ms"); };
  const auto top1 = [&](const trial::Trial& t) { return *t.metrics.value(accuracy); };
  std::stable_sort(sorted.begin(), sorted.end(), [&](const trial::Trial& a, const trial::Trial& b) {
    return latency(a) != latency(b) ? latency(a) < latency(b) : top1(a) > top1(b);
  });
  std::vector<trial::Trial> front;
  double best = -std::numeric_limits<double>::infinity();
  for (trial::Trial& trial : sorted) {
    if (top1(trial) > best) {
      best = top1(trial);
      front.push_back(std::move(trial));
    }
  }
  return front;
}

}  // namespace gensynth::analysis
