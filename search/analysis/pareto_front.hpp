#pragma once

#include <string>
#include <vector>

#include "generator/space/structure.hpp"
#include "search/run/run.hpp"
#include "search/trial/trial.hpp"

namespace gensynth::analysis {

/// The feasible trials that no other feasible trial beats in both latency and `accuracy` (the name of a metric), by
/// rising latency. Trials without one of the two metrics are left out.
std::vector<trial::Trial> pareto_front(const std::vector<trial::Trial>& trials, const std::string& accuracy);

/// One structure of a front.
struct FrontStructure {
  trial::Trial best;  ///< of the highest U
  int variants = 0;   ///< other trials of the front that differ from it in less than space::kDifferentStructure
};
/// The trials of a front, grouped by structure. By rising latency of the best ones.
std::vector<FrontStructure> group_front(const space::SearchSpace& space, const std::vector<trial::Trial>& front);

/// The best trial of each structure of a run's front.
std::vector<trial::Trial> best_of_front(const run::Run& run);

}  // namespace gensynth::analysis
