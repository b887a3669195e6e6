#include "search/benchmark/pareto.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>

namespace gensynth {

void ParetoFront::add(double latency, double accuracy) {
  auto next = by_latency_.upper_bound(latency);
  if (next != by_latency_.begin() && std::prev(next)->second >= accuracy) return;
  while (next != by_latency_.end() && next->second <= accuracy) next = by_latency_.erase(next);
  by_latency_[latency] = accuracy;
}

double ParetoFront::area(double latency, double accuracy) const {
  double sum = 0;
  for (auto at = by_latency_.begin(); at != by_latency_.end(); ++at) {
    const auto next = std::next(at);
    const double until = std::min(latency, next == by_latency_.end() ? latency : next->first);
    sum += std::max(0.0, until - at->first) * std::max(0.0, at->second - accuracy);
  }
  return sum;
}

}  // namespace gensynth
