#pragma once

#include <cstddef>
#include <map>

namespace gensynth::assessment {

/// The Pareto front of accuracy (higher is better) by latency (lower is better).
class ParetoFront {
 public:
  void add(double latency, double accuracy);
  /// What the front dominates between it and the corner of the given latency and accuracy: the hypervolume.
  double area(double latency, double accuracy) const;
  /// By how much `area` is expected to grow by a point of this latency whose accuracy is Gaussian.
  double expected_gain(double at, double mean, double deviation, double latency, double accuracy) const;
  std::size_t size() const { return by_latency_.size(); }

 private:
  std::map<double, double> by_latency_;  // accuracy; both rise
};

}  // namespace gensynth::assessment
