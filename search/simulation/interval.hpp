#pragma once

#include <vector>

namespace gensynth::simulation {

/// A mean and half the width of its 95 % interval (Student's t).
struct Interval {
  double mean = 0;
  double half = 0;
};

/// Of independent values; half a width of 0 for fewer than two of them, 0 for none.
Interval interval_of(const std::vector<double>& values);

}  // namespace gensynth::simulation
