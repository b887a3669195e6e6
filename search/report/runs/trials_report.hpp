#pragma once

#include <string>
#include <vector>

#include "generator/space/search_space.hpp"
#include "search/analysis/trial_list.hpp"

namespace gensynth::report::runs {

/// `log list` and `log front`.
/// Fits the terminal, or `width` characters (0: any width).
std::string trials_text(const std::vector<trial::Trial>& trials);
std::string trials_text(const std::vector<trial::Trial>& trials, int width);
std::string trials_csv(const std::vector<trial::Trial>& trials);
std::string trials_json_lines(const std::vector<trial::Trial>& trials);  ///< one object per line

/// `log show`: metrics with their sources, decisions as `space` labels them, genotype.
std::string trial_text(const trial::Trial& trial, const space::SearchSpace& space);

/// `log --json`: one event per line.
std::string events_json_lines(const std::vector<analysis::LoggedEvent>& events);

}  // namespace gensynth::report::runs
