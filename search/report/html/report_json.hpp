#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "search/analysis/overview/run_report.hpp"

namespace gensynth::report::html {

/// The version of the document; it changes when a reader of the one before would misread it.
inline constexpr int kReportVersion = 1;

/// The document "gensynth.report" (docs/report.md). `time`: seconds since the epoch; `program`: name and version of the
/// program that wrote it.
nlohmann::ordered_json report_json(const std::vector<analysis::overview::RunReport>& runs, double time,
                                   const std::string& program);

}  // namespace gensynth::report::html
