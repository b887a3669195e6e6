#include "search/report/html/numbers.hpp"

#include <cmath>
#include <cstdint>
#include <nlohmann/json.hpp>

namespace gensynth::report::html {

nlohmann::ordered_json compact(double value) {
  constexpr double kWhole = 9e15;  // every whole number below it is a double
  if (!std::isfinite(value)) return nullptr;
  if (value == std::trunc(value) && std::abs(value) < kWhole) return static_cast<std::int64_t>(value);
  const double scale = std::pow(10.0, 6 - std::floor(std::log10(std::abs(value))));
  const double rounded = std::round(value * scale) / scale;
  return std::isfinite(rounded) ? rounded : value;
}

nlohmann::ordered_json compact(const std::optional<double>& value) {
  return value ? compact(*value) : nlohmann::ordered_json();
}

}  // namespace gensynth::report::html
