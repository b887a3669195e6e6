#pragma once

#include <string>
#include <vector>

#include "search/trial/trial.hpp"

namespace gensynth::analysis {

/// The feasible trials that no other feasible trial beats in both latency and `accuracy` (the name of a metric), by
/// rising latency. Trials without one of the two metrics are left out.
std::vector<trial::Trial> pareto_front(const std::vector<trial::Trial>& trials, const std::string& accuracy);

}  // namespace gensynth::analysis
