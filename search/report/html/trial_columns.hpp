#pragma once

#include <nlohmann/json_fwd.hpp>

#include "search/analysis/overview/run_report.hpp"

namespace gensynth::report::html {

/// The "trials" of docs/report.md: an array for each property, all of the same length, in order of id. Texts that
/// repeat are indices into a table beside them.
nlohmann::ordered_json trial_columns(const analysis::overview::RunReport& run);
/// The "rungs": the learning curves of all trials, one entry for each rung.
nlohmann::ordered_json rung_columns(const analysis::overview::RunReport& run);

}  // namespace gensynth::report::html
