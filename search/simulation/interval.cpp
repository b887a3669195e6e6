#include "search/simulation/interval.hpp"

#include <cmath>

namespace gensynth::simulation {
namespace {

/// Two-sided 95 % quantile of Student's t (Abramowitz and Stegun 1964, 26.7.5), good to 1 % from 3 degrees on.
double student_t(double degrees) {
  const double z = 1.959964;
  const double z2 = z * z;
  const double g1 = (z2 + 1) * z / 4;
  const double g2 = ((5 * z2 + 16) * z2 + 3) * z / 96;
  const double g3 = (((3 * z2 + 19) * z2 + 17) * z2 - 15) * z / 384;
  return z + g1 / degrees + g2 / (degrees * degrees) + g3 / (degrees * degrees * degrees);
}

}  // namespace

Interval interval_of(const std::vector<double>& values) {
  const auto n = static_cast<double>(values.size());
  Interval result;
  for (const double value : values) result.mean += value / n;
  if (values.size() < 2) return result;
  double squares = 0;
  for (const double value : values) squares += (value - result.mean) * (value - result.mean);
  result.half = student_t(n - 1) * std::sqrt(squares / (n - 1) / n);
  return result;
}

}  // namespace gensynth::simulation
