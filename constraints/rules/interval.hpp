#pragma once

#include "architecture/metrics.hpp"

namespace gensynth::rules {

/// The value that the quantity exceeds with the given probability (0 < probability < 1). A predicted quantity is
/// modelled as normal around its value, with a standard deviation for each side of its 90 % interval. For exact and
/// measured quantities the value itself is returned.
double value_exceeded_with(const Quantity& quantity, double probability);

/// The bound that a predicted quantity meets with probability `confidence`. A quantity in % (accuracy) lies above the
/// bound, and any other quantity (latency) below it. At 0.5 the bound is the prediction itself. For a prediction that
/// is not trusted, the function returns Quantity::taken, and for a quantity that is not predicted, its value.
double value_kept_with(const Quantity& quantity, double confidence);

}  // namespace gensynth::rules
