#include "inquisitor/assessment/pareto_front.hpp"

#include <algorithm>
#include <iterator>

#include "inquisitor/assessment/expected_improvement.hpp"

namespace gensynth::assessment {

void ParetoFront::add(double latency, double accuracy) {
  auto next = by_latency_.upper_bound(latency);
  if (next != by_latency_.begin() && std::prev(next)->second >= accuracy) return;
  while (next != by_latency_.end() && next->second <= accuracy) next = by_latency_.erase(next);
  by_latency_[latency] = accuracy;
}

double ParetoFront::hypervolume(double latency, double accuracy) const {
  double sum = 0;
  for (auto at = by_latency_.begin(); at != by_latency_.end(); ++at) {
    const auto next = std::next(at);
    const double until = std::min(latency, next == by_latency_.end() ? latency : next->first);
    sum += std::max(0.0, until - at->first) * std::max(0.0, at->second - accuracy);
  }
  return sum;
}

double ParetoFront::expected_hypervolume_improvement(double at, double mean, double deviation, double latency,
                                                     double accuracy) const {
  double sum = 0;
  auto next = by_latency_.upper_bound(at);
  double height = accuracy;  // of the front at the latency reached so far
  if (next != by_latency_.begin()) height = std::max(height, std::prev(next)->second);
  for (double from = at; from < latency;) {
    const double until = next == by_latency_.end() ? latency : std::min(latency, next->first);
    sum += (until - from) * expected_improvement(mean, deviation, height);
    if (next == by_latency_.end()) break;
    height = std::max(height, next->second);
    from = until;
    ++next;
  }
  return sum;
}

}  // namespace gensynth::assessment
