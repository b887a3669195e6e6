#pragma once

#include <map>

namespace gensynth {

/// The Pareto front of accuracy (higher is better) by latency (lower is better).
class ParetoFront {
 public:
  void add(double latency, double accuracy);
  /// What the front dominates between it and the corner of the given latency and accuracy: the hypervolume.
  double area(double latency, double accuracy) const;
  std::size_t size() const { return by_latency_.size(); }

 private:
  std::map<double, double> by_latency_;  // accuracy; both rise
};

}  // namespace gensynth
