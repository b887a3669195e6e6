#pragma once

#include "architecture/metrics.hpp"

namespace gensynth::rules {

/// The value that the quantity exceeds with the given probability (0 < probability < 1). A predicted quantity is
/// taken as normal around its value, with the standard deviation of the side of its 90 % interval that is asked
/// for; exact and measured ones are what they are.
double value_exceeded_with(const Quantity& quantity, double probability);

/// The value that a predicted quantity is no worse than with the probability `confidence`: of shares in % (accuracy)
/// the one that it exceeds, of all others (latency) the one that it stays below. At 0.5 the prediction itself; of one
/// that is not trusted what Quantity::taken says; of what is no prediction the value.
double value_kept_with(const Quantity& quantity, double confidence);

}  // namespace gensynth::rules
