#pragma once

#include "inquisitor/teaching/latency_search.hpp"

namespace gensynth::teaching {

struct ConditioningOptions {
  LatencySearchOptions search;
  int rounds = 64;   ///< maximum
  int samples = 96;  ///< per round, assessed without training
  double elite_share = 0.25;
  double step = 0.35;  ///< of the cross-entropy update towards the elite
  /// Step towards the networks that the latency search found, so that every kind of them stays likely. Decreases to 0
  /// over the rounds.
  double example_step = 0.2;
  double enough = 0.5;      ///< share of a round's samples on target that ends the teaching
  double forgetting = 0.3;  ///< share of θ that is removed every few rounds as long as nothing is on target
};

/// Δθ_G that turns a generator towards a goal. A search teaches the generator where U is high, which is seldom at the
/// requested latency, and where few candidates meet all constraints none of its samples may be near the goal. So local
/// searches from its samples look for examples first (`found` receives their result). Cross-entropy steps on a copy of
/// the generator then lead towards the examples and towards the samples with the best goal scores. Trains nothing.
/// Deterministic given the random generator passed; runs on the TBB pool.
distribution::GeneratorDelta teach_condition(const distribution::Generator& generator, const LatencyGoal& goal,
                                             Rng& rng, const ConditioningOptions& options = {},
                                             LatencySearchResult* found = nullptr);

}  // namespace gensynth::teaching
