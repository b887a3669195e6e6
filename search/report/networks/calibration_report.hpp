#pragma once

#include <nlohmann/json_fwd.hpp>

#include "runtime/charts/scatter_chart.hpp"
#include "runtime/latency/calibration/calibrate.hpp"

namespace gensynth::report::networks {

/// Errors in %, times in ms. The text is `latency::calibration::to_text`.
nlohmann::ordered_json calibration_json(const latency::calibration::CalibrationReport& report);
/// Predicted over measured latency of the held-out networks, a panel for each runtime.
charts::ScatterChart calibration_chart(const latency::calibration::CalibrationReport& report);

}  // namespace gensynth::report::networks
