#include "architecture/base/whole_number.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

namespace gensynth {

using nlohmann::json;

std::optional<std::int64_t> whole_number(const json& value, std::int64_t low, std::int64_t high) {
  std::optional<std::int64_t> result;
  if (value.is_number_unsigned()) {
    if (value.get<std::uint64_t>() <= static_cast<std::uint64_t>(INT64_MAX)) result = value.get<std::int64_t>();
  } else if (value.is_number_integer()) {
    result = value.get<std::int64_t>();
  } else if (value.is_number_float() && std::abs(value.get<double>()) < 9e15 &&
             value.get<double>() == std::trunc(value.get<double>())) {
    result = static_cast<std::int64_t>(value.get<double>());  // people write 4e6
  }
  return result && *result >= low && *result <= high ? result : std::nullopt;
}

std::optional<std::vector<int>> whole_numbers(const json& list, int low, int high) {
  if (!list.is_array()) return std::nullopt;
  std::vector<int> numbers;
  for (const json& item : list) {
    const std::optional<std::int64_t> number = whole_number(item, low, high);
    if (!number) return std::nullopt;
    numbers.push_back(static_cast<int>(*number));
  }
  return numbers;
}

}  // namespace gensynth
