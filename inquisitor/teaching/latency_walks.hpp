#pragma once

#include <vector>

#include "inquisitor/teaching/latency_goal.hpp"

namespace gensynth::teaching {

struct WalkOptions {
  int walks = 48;
  int stretches = 8;  ///< after each, walks that lag go on from what others found; four times as many if none arrives
  int steps = 64;     ///< mutations looked at in each stretch
};

/// Where walks ended, and the range of latencies that they met on the way.
struct LatencyWalks {
  std::vector<space::Genotype> arrived;     ///< distinct; they meet constraints and condition
  std::vector<space::Genotype> on_the_way;  ///< ends of the others, nearest first
  LatencyRange latencies;                   ///< of the candidates looked at that meet the constraints
};

/// Walks from samples of a generator towards a goal, each on its own, one or a few decisions at a time: first towards
/// the constraints, then the latency, then higher worth; among what is worth the same, as the generator has it. They
/// find networks in corners of a space that samples do not reach, of as many kinds as they begin at. Nothing is
/// trained. Deterministic given the random generator passed; runs on the TBB pool.
LatencyWalks walk_to_latency(const distribution::Generator& generator, const LatencyGoal& goal, Rng& rng,
                             const WalkOptions& options = {});

}  // namespace gensynth::teaching
