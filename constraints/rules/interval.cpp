#include "constraints/rules/interval.hpp"

#include <algorithm>
#include <boost/math/special_functions/erf.hpp>
#include <numbers>

namespace gensynth::rules {

double value_exceeded_with(const Quantity& quantity, double probability) {
  if (quantity.provenance != Provenance::predicted) return quantity.value;
  constexpr double kFivePercent = 1.6448536269514722;  // of a standard normal lies this far above its mean
  const double distance = std::numbers::sqrt2 * boost::math::erf_inv(2 * probability - 1);
  const double side = distance >= 0 ? quantity.value - quantity.low : quantity.high - quantity.value;
  return quantity.value - distance * std::max(0.0, side) / kFivePercent;
}

double value_kept_with(const Quantity& quantity, double confidence) {
  if (!quantity.trusted()) return quantity.taken();
  if (confidence == 0.5) return quantity.value;  // without the inverse error function, in every trial
  const bool smaller_is_better = quantity.unit != "%";
  return value_exceeded_with(quantity, smaller_is_better ? 1 - confidence : confidence);
}

}  // namespace gensynth::rules
