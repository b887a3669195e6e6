#pragma once

#include <string>
#include <vector>

#include "search/trial/trial.hpp"

namespace gensynth::store {

/// The events that each change of a trial writes to the log, the same in every store. Their `seq` is 0: stores number
/// them; `time` is now.
trial::Event proposed_event(const trial::Trial& trial);
trial::Event claimed_event(const trial::Trial& trial);
trial::Event rung_event(const trial::Trial& trial, const trial::Rung& rung);
trial::Event finished_event(const trial::Trial& trial);
std::vector<trial::Event> released_events(const trial::Trial& trial, const std::string& reason);
trial::Event run_event(trial::EventKind kind, const std::string& reason);  ///< of the run, not of a trial
/// `losses` includes this one.
std::vector<trial::Event> lost_events(std::int64_t trial, int losses, const std::string& reason);
/// The reason of a trial that failed because it was lost so often.
std::string lost_reason(int losses, const std::string& last);

/// Why a trial is lost whose worker says nothing any more.
inline constexpr const char* kWorkerLost = "the worker was lost, or its lease ran out";

/// Throws Error unless a trial can end in its state.
void check_final(const trial::Trial& trial);

}  // namespace gensynth::store
