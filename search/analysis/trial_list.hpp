#pragma once

#include <optional>
#include <string>
#include <vector>

#include "search/store/run_reader.hpp"

namespace gensynth::analysis {

/// The trials that `log list` shows, in order of id: those of one state, all of them for "all", and for "" those that
/// reached the queue (rejections by structural checks and duplicates are left out). Throws Error for an unknown state.
std::vector<trial::Trial> listed_trials(const store::RunReader& store, const std::string& state);

/// An event, with the trial if the event created or ended it.
struct LoggedEvent {
  trial::Event event;
  std::optional<trial::Trial> trial;
};
/// In order of occurrence.
std::vector<LoggedEvent> logged_events(const store::RunReader& store);

/// Throws Error that names the run and the trials that it has.
trial::Trial trial_of(const store::RunReader& store, const std::string& run, std::int64_t id);

}  // namespace gensynth::analysis
