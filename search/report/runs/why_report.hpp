#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "search/analysis/trial_explanation.hpp"

namespace gensynth::report::runs {

/// `log why`: verdicts, rungs, events, credit of decisions, single changes, measured constraints, idle vertices.
std::string why_text(const analysis::TrialExplanation& explanation);
nlohmann::ordered_json why_json(const analysis::TrialExplanation& explanation);

}  // namespace gensynth::report::runs
