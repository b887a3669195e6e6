#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "runtime/latency/latency_model.hpp"

namespace gensynth::report::networks {

/// "cortex-a72, tflite-ruy, 1 thread, 1.50 GHz, fp32".
std::string target_text(const latency::LatencyTarget& target);
/// The same without runtime and threads, which differ between the targets of a comparison.
std::string setting_text(const latency::LatencyTarget& target);
/// {"device", "runtime", "threads", "clock_ghz", "precision"}.
nlohmann::ordered_json target_json(const latency::LatencyTarget& target);

}  // namespace gensynth::report::networks
