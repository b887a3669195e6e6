#pragma once

#include <string>

#include "runtime/timing/bench_report.hpp"

namespace gensynth::report::networks {

/// One row for each network, and what they have in common. JSON and CSV are timing::to_json and timing::to_csv.
std::string bench_text(const timing::BenchReport& report);

}  // namespace gensynth::report::networks
