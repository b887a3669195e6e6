#pragma once

#include <vector>

#include "inquisitor/teaching/latency_goal.hpp"

namespace gensynth::teaching {

struct LatencySearchOptions {
  int searches = 48;
  int rounds = 8;  ///< after each, the worse half restarts from crossovers; four times as many while none is on target
  int steps = 64;  ///< mutations tried per search and round
};

struct LatencySearchResult {
  std::vector<space::Genotype> on_target;  ///< distinct ends of searches that meet constraints and condition
  std::vector<space::Genotype> nearest;    ///< distinct ends of the other searches, nearest first
  LatencyRange latencies;                  ///< of all candidates tried that meet the constraints
};

/// Parallel local searches from samples of a generator towards a goal by one to three mutations at a time: first
/// towards the constraints, then the latency, then a higher utility; among candidates of equal utility they sample from
/// the generator's distribution (Metropolis et al. 1953). They find networks in regions of the space that samples do
/// not reach. Trains nothing. Deterministic given the random generator passed; runs on the TBB pool.
LatencySearchResult search_latency(const distribution::Generator& generator, const LatencyGoal& goal, Rng& rng,
                                   const LatencySearchOptions& options = {});

}  // namespace gensynth::teaching
