#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "search/analysis/network_check.hpp"

namespace gensynth::report::networks {

std::string check_text(const analysis::NetworkCheck& check);
nlohmann::ordered_json check_json(const analysis::NetworkCheck& check);

}  // namespace gensynth::report::networks
