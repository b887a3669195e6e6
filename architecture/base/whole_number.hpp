#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <vector>

namespace gensynth {

/// Returns the value if it is a whole number from `low` to `high`: 4e6 is one; 1.5, "3" and true are not. The JSON
/// library's own conversions drop fractions and wrap values that do not fit.
std::optional<std::int64_t> whole_number(const nlohmann::json& value, std::int64_t low, std::int64_t high);

/// The same for an array in which every element must be such a number.
std::optional<std::vector<int>> whole_numbers(const nlohmann::json& list, int low, int high);

}  // namespace gensynth
