#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "runtime/charts/compare_chart.hpp"
#include "search/analysis/network_comparison.hpp"

namespace gensynth::report::networks {

/// One target: a row for each network. Several targets: a column for each network.
std::string comparison_text(const analysis::NetworkComparison& comparison);
std::string comparison_csv(const analysis::NetworkComparison& comparison);  ///< a row for each network and target
nlohmann::ordered_json comparison_json(const analysis::NetworkComparison& comparison);
charts::CompareChart comparison_chart(const analysis::NetworkComparison& comparison);

}  // namespace gensynth::report::networks
