#pragma once

#include <string>

#include "search/analysis/search_estimate.hpp"

namespace gensynth::report::runs {

/// Some lines after those of the dry run.
std::string estimate_text(const analysis::SearchEstimate& estimate, const std::string& out);

}  // namespace gensynth::report::runs
