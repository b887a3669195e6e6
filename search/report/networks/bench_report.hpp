#pragma once

#include <string>

#include "runtime/timing/bench_report.hpp"

namespace gensynth::report::networks {

/// One row for each network, and their common settings. JSON and CSV are timing::to_json and timing::to_csv.
std::string bench_text(const timing::BenchReport& report);

}  // namespace gensynth::report::networks
