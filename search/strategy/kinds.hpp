#pragma once

#include <memory>

#include "inquisitor/teaching/teaching.hpp"
#include "search/strategy/strategy.hpp"

namespace gensynth::strategy {

/// Uniform draws from the space.
std::unique_ptr<Strategy> make_random(const StrategyContext& context);

/// Regularized evolution (Real et al. 2019, arXiv:1802.01548): the best of a random sample of the population is
/// mutated, and the oldest member is removed.
struct EvolutionOptions {
  int population = 30;
  int sample = 10;
  int mutations = 1;
};
std::unique_ptr<Strategy> make_regularized_evolution(const StrategyContext& context, const EvolutionOptions& options);

/// First-improvement local search over all neighbours that differ in one decision, in random order, restarted from a
/// random genotype at a local optimum (White et al. 2021, arXiv:2005.02960). With several trials in flight it restarts
/// before the results of the last neighbours are known; it continues from one of these if it turns out better and is
/// observed before the new start.
std::unique_ptr<Strategy> make_local_search(const StrategyContext& context);

/// Bayesian optimisation: the highest acquisition value of the inquisitor's models among mutations of the best trials
/// and random genotypes. It differs from generative synthesis in having no generator.
struct BayesianOptions {
  int candidates = 384;        ///< predicted per refit
  int explore = 8;             ///< the first proposals are random
  int parents = 10;            ///< best trials that are mutated
  double random_share = 0.25;  ///< share of random candidates; the others are mutations
};
std::unique_ptr<Strategy> make_bayesian(const StrategyContext& context, const BayesianOptions& options);

/// The generator taught by the inquisitor (paper, section 2.2).
struct SynthesisOptions {
  int candidates = 96;  ///< sampled per proposal; the one of the highest acquisition value is proposed
  int explore = 8;      ///< the first proposals are samples, without selection
  /// Share of the proposals that are selected by expected hypervolume improvement of accuracy by latency instead of by
  /// U, where U depends on latency. It gives the user a Pareto front and keeps the search from ending in one region.
  double front_share = 0.5;
  teaching::TeachingOptions teaching;
};
std::unique_ptr<Strategy> make_generative_synthesis(const StrategyContext& context, const SynthesisOptions& options);

}  // namespace gensynth::strategy
