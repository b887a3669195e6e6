#pragma once

#include <string>

#include "search/trial/trial.hpp"

namespace gensynth::trial {

/// The part of a trial that stores keep as one JSON text beside their key columns: genotype, parents, metrics,
/// verdicts, rungs, thresholds, U, feasibility, reason.
std::string trial_body(const Trial& trial);
/// Replaces those members. Throws Error that begins with `place` for a damaged text.
void read_trial_body(const std::string& text, const std::string& place, Trial& trial);

/// A message from a trial's process to its worker: one line of JSON. `kind` is "rung" or "result".
std::string trial_message(const std::string& kind, const Trial& trial);
/// Fills state, stage, rule and body into `trial` and returns the kind.
std::string read_trial_message(const std::string& line, Trial& trial);

}  // namespace gensynth::trial
