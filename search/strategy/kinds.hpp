#pragma once

#include <memory>

#include "inquisitor/teaching/teaching.hpp"
#include "search/strategy/strategy.hpp"

namespace gensynth::strategy {

/// Uniform draws from the space.
std::unique_ptr<Strategy> make_random(const StrategyContext& context);

/// Regularized evolution (Real et al. 2019, arXiv:1802.01548): the best of a random sample of the population is
/// mutated, and the oldest member is removed.
std::unique_ptr<Strategy> make_regularized_evolution(const StrategyContext& context, const EvolutionOptions& options);

/// First-improvement local search over all neighbours that differ in one decision, in random order, restarted from a
/// random genotype at a local optimum (White et al. 2021, arXiv:2005.02960). With several trials in flight it restarts
/// before the results of the last neighbours are known; it continues from one of these if it turns out better and is
/// observed before the new start.
std::unique_ptr<Strategy> make_local_search(const StrategyContext& context);

/// Bayesian optimisation: the highest acquisition value of the inquisitor's models among mutations of the best trials
/// and random genotypes. It differs from generative synthesis in having no generator.
std::unique_ptr<Strategy> make_bayesian(const StrategyContext& context, const BayesianOptions& options);

/// The generator taught by the inquisitor (paper, section 2.2).
std::unique_ptr<Strategy> make_generative_synthesis(const StrategyContext& context, const SynthesisOptions& options);

}  // namespace gensynth::strategy
