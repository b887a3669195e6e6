#pragma once

#include <nlohmann/json_fwd.hpp>

#include "search/analysis/overview/run_report.hpp"

namespace gensynth::report::html {

/// An entry of "networks" of docs/report.md: the graph as columns by vertex, the predicted kernels, the decisions.
nlohmann::ordered_json network_json(const analysis::overview::TrialNetwork& network);

}  // namespace gensynth::report::html
