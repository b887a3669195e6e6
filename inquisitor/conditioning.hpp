#pragma once

#include "generator/generator.hpp"
#include "inquisitor/structural_assessment.hpp"

namespace gensynth {

/// How near a predicted latency must come to the one that was asked for.
constexpr double kLatencyTolerance = 0.10;

/// |predicted latency / asked - 1|; 0 when the condition asks for no latency. `assessment` must know the latency.
double latency_miss(const Assessment& assessment, const Condition& condition);

struct ConditioningOptions {
  int rounds = 64;   ///< at most
  int samples = 96;  ///< per round, assessed freely
  double elite_share = 0.25;
  double step = 0.35;      ///< of the cross-entropy update
  double enough = 0.6;     ///< share of a round's samples that meets constraints and condition: no further rounds
  double loosening = 0.3;  ///< share of θ given back every few rounds as long as no sample comes near the condition
};

/// Δθ_G that turns a generator towards a condition: cross-entropy steps on a copy of it, towards the samples that meet
/// the hard constraints and come nearest to the asked latency. A search teaches the generator where U is high, which
/// is seldom where a user asks; what it learned of everything but latency stays where the condition does not pull.
/// Costs no training. Deterministic given the random generator passed; runs on the TBB pool.
GeneratorDelta teach_condition(const Generator& generator, const StructuralAssessor& assessor,
                               const Condition& condition, Rng& rng, const ConditioningOptions& options = {});

}  // namespace gensynth
