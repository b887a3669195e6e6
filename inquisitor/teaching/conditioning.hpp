#pragma once

#include "inquisitor/teaching/latency_walks.hpp"

namespace gensynth::teaching {

struct ConditioningOptions {
  WalkOptions walk;
  int rounds = 64;   ///< at most
  int samples = 96;  ///< per round, assessed freely
  double elite_share = 0.25;
  double step = 0.35;  ///< of the cross-entropy update towards the elite
  /// Towards what the walks found, so that every kind of network that they found stays; fades out with the rounds.
  double example_step = 0.2;
  double enough = 0.5;     ///< share of a round's samples that meets constraints and condition: no further rounds
  double loosening = 0.3;  ///< share of θ given back every few rounds as long as nothing is near the condition
};

/// Δθ_G that turns a generator towards a goal. A search teaches the generator where U is high, which is seldom where a
/// user asks; and where few candidates meet all constraints, none of its samples may be near. So walks from its samples
/// look for examples first (`walks` receives what they found). Cross-entropy steps on a copy of the generator then lead
/// towards these and towards those of its samples that stand highest: that meet the constraints, come nearest to the
/// asked latency and, where they are near, are worth most. What it learned of everything else stays where the goal does
/// not pull. Costs no training. Deterministic given the random generator passed; runs on the TBB pool.
distribution::GeneratorDelta teach_condition(const distribution::Generator& generator, const LatencyGoal& goal,
                                             Rng& rng, const ConditioningOptions& options = {},
                                             LatencyWalks* walks = nullptr);

}  // namespace gensynth::teaching
