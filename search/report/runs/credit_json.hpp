#pragma once

#include <nlohmann/json_fwd.hpp>

#include "search/analysis/trial_credit.hpp"

namespace gensynth::report::runs {

/// The "credit" of `log why --json`: every decision with its alternatives.
nlohmann::ordered_json credit_json(const analysis::TrialCredit& credit);
/// The "vertices" of `log why --json`.
nlohmann::ordered_json vertices_json(const analysis::ProbedVertices& probed);

}  // namespace gensynth::report::runs
