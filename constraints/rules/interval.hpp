#pragma once

#include "architecture/metrics.hpp"

namespace gensynth::rules {

/// The value that the quantity exceeds with the given probability (0 < probability < 1). A predicted quantity is
/// taken as normal around its value, with the standard deviation of the side of its 90 % interval that is asked
/// for; exact and measured ones are what they are.
double value_exceeded_with(const Quantity& quantity, double probability);

}  // namespace gensynth::rules
