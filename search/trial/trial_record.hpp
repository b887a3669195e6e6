#pragma once

#include <string>

#include "search/trial/trial.hpp"

namespace gensynth::trial {

/// What the store keeps of a trial besides its key columns, as one JSON text: genotype, parents, metrics, verdicts,
/// rungs, thresholds, u, feasibility, reason.
std::string trial_body(const Trial& trial);
/// Replaces those members. Throws Error naming `source` and the trial for a damaged record.
void read_trial_body(const std::string& text, const std::string& source, Trial& trial);

/// What a trial's process tells its worker: one line of JSON. `kind` is "rung" or "result".
std::string trial_message(const std::string& kind, const Trial& trial);
/// Fills state, stage, rule and body into `trial` and returns the kind.
std::string read_trial_message(const std::string& line, Trial& trial);

}  // namespace gensynth::trial
