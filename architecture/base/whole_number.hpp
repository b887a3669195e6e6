#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <vector>

namespace gensynth {

/// The value when it is a whole number from `low` to `high`: 4e6 is one, 1.5, "3" and true are none. The JSON library's
/// own conversions cut off fractions and wrap what does not fit.
std::optional<std::int64_t> whole_number(const nlohmann::json& value, std::int64_t low, std::int64_t high);

/// An array of such numbers; nothing when it is anything else.
std::optional<std::vector<int>> whole_numbers(const nlohmann::json& list, int low, int high);

}  // namespace gensynth
