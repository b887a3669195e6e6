#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "runtime/charts/profile_chart.hpp"
#include "search/analysis/network_profile.hpp"

namespace gensynth::report::networks {

/// One row for each kernel, or for each stage, and a summary.
std::string profile_text(const analysis::NetworkProfile& profile, bool by_stage);
nlohmann::ordered_json profile_json(const analysis::NetworkProfile& profile);
charts::ProfileChart profile_chart(const analysis::NetworkProfile& profile);

}  // namespace gensynth::report::networks
