#pragma once

#include <cstddef>
#include <map>

namespace gensynth::assessment {

/// The Pareto front of accuracy (higher is better) by latency (lower is better).
class ParetoFront {
 public:
  void add(double latency, double accuracy);
  /// The area that the front dominates within the reference point of the given latency and accuracy.
  double hypervolume(double latency, double accuracy) const;
  /// Expected growth of `hypervolume` by a point at latency `at` whose accuracy is Gaussian (Emmerich et al. 2006).
  double expected_hypervolume_improvement(double at, double mean, double deviation, double latency,
                                          double accuracy) const;
  std::size_t size() const { return by_latency_.size(); }

 private:
  std::map<double, double> by_latency_;  // accuracy; both rise
};

}  // namespace gensynth::assessment
