#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>

namespace gensynth::report::html {

/// A number of at most seven significant digits, which is what a report shows and keeps it small; null for one that is
/// not finite. Whole numbers have no decimal point.
nlohmann::ordered_json compact(double value);
nlohmann::ordered_json compact(const std::optional<double>& value);

}  // namespace gensynth::report::html
