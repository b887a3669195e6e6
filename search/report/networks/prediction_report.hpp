#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "search/analysis/network_prediction.hpp"

namespace gensynth::report::networks {

/// A table of the networks; for a single one also the figures that decide its prediction.
std::string prediction_text(const std::vector<analysis::NetworkPrediction>& predictions);
nlohmann::ordered_json prediction_json(const analysis::NetworkPrediction& prediction);

}  // namespace gensynth::report::networks
