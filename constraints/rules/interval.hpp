#pragma once

#include "architecture/metrics.hpp"

namespace gensynth::rules {

/// The value that the quantity exceeds with the given probability (0 < probability < 1). A predicted quantity is
/// modelled as normal around its value, with a standard deviation for each side of its 90 % interval. For exact and
/// measured quantities the value itself is returned.
double value_exceeded_with(const Quantity& quantity, double probability);

}  // namespace gensynth::rules
