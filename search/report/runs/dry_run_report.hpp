#pragma once

#include <string>

#include "search/analysis/dry_run.hpp"

namespace gensynth::report::runs {

std::string dry_run_text(const analysis::DryRun& dry_run);

}  // namespace gensynth::report::runs
