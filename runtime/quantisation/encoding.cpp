#include "runtime/quantisation/encoding.hpp"

#include <algorithm>
#include <cmath>

namespace gensynth::quantisation {
namespace {

constexpr int kLow = -128;
constexpr int kHigh = 127;

}  // namespace

float Encoding::low() const { return scale * static_cast<float>(kLow - zero_point); }
float Encoding::high() const { return scale * static_cast<float>(kHigh - zero_point); }

Encoding encoding_of(double low, double high) {
  low = std::min(low, 0.0);
  high = std::max(high, 0.0);
  if (!(high - low > 0)) return {};  // zeros only
  const double scale = std::max((high - low) / (kHigh - kLow), 1e-30);
  const double zero = std::clamp(std::nearbyint(kLow - low / scale), double{kLow}, double{kHigh});
  return {static_cast<float>(scale), static_cast<int>(zero)};
}

std::int8_t stored(float number, const Encoding& encoding) {
  const float steps = std::nearbyint(number / encoding.scale) + static_cast<float>(encoding.zero_point);
  return static_cast<std::int8_t>(std::clamp(steps, static_cast<float>(kLow), static_cast<float>(kHigh)));
}

float number(std::int8_t stored, const Encoding& encoding) {
  return encoding.scale * static_cast<float>(stored - encoding.zero_point);
}

float rounded(float value, const Encoding& encoding) { return number(stored(value, encoding), encoding); }

}  // namespace gensynth::quantisation
