#pragma once

#include "architecture/metrics.hpp"

namespace gensynth::rules {

/// The value that the quantity exceeds with the given probability (0 < probability < 1). A predicted quantity is
/// modelled as normal around its value, with a standard deviation for each side of its 90 % interval. For exact and
/// measured quantities the value itself is returned.
double value_exceeded_with(const Quantity& quantity, double probability);

/// The value that a predicted quantity is no worse than with the probability `confidence`: of shares in % (accuracy)
/// the one that it exceeds, of all others (latency) the one that it stays below. At 0.5 the prediction itself; of one
/// that is not trusted what Quantity::taken says; of what is no prediction the value.
double value_kept_with(const Quantity& quantity, double confidence);

}  // namespace gensynth::rules
