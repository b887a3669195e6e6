#include "inquisitor/assessment/expected_improvement.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace gensynth::assessment {

double expected_improvement(double mean, double deviation, double best) {
  if (deviation < 1e-9) return std::max(0.0, mean - best);
  const double z = (mean - best) / deviation;
  const double density = std::exp(-0.5 * z * z) / std::sqrt(2 * std::numbers::pi);
  if (z < -5) return deviation * density / (z * z);  // the difference below would cancel
  const double share = 0.5 * std::erfc(-z / std::numbers::sqrt2);
  return (mean - best) * share + deviation * density;
}

}  // namespace gensynth::assessment
