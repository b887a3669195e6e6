#pragma once

#include <memory>

#include "inquisitor/teaching/inquisitor.hpp"
#include "search/strategy/strategy.hpp"

namespace gensynth::strategy {

/// What the inquisitor is told of a trial. `built_in`: the job's constraints, less those of plugins.
teaching::Observation observation_of(const trial::Trial& trial, const assessment::UniversalPerformance& performance,
                                     const constraints::ConstraintSet& built_in);
/// By CandidatePrediction::merit: worst first, each genotype once, none that `known` knows; at most `count` of the
/// best.
std::vector<space::Genotype> by_merit(const std::vector<teaching::CandidatePrediction>& beliefs,
                                      const teaching::Inquisitor& known, std::size_t count);
/// The same by CandidatePrediction::expected_hypervolume_improvement, those with none left out.
std::vector<space::Genotype> by_front_gain(const std::vector<teaching::CandidatePrediction>& beliefs,
                                           const teaching::Inquisitor& known, std::size_t count);
/// Takes the last one of a list that is not empty: the best, where the worst come first.
space::Genotype take_last(std::vector<space::Genotype>& genotypes);

/// Uniform draws from the space.
std::unique_ptr<Strategy> make_random(const StrategyContext& context);

/// Ageing evolution (Real et al. 2019, arXiv:1802.01548): the best of a random sample of the population is
/// mutated, the oldest member leaves.
struct EvolutionOptions {
  int population = 30;
  int sample = 10;
  int mutations = 1;
};
std::unique_ptr<Strategy> make_regularized_evolution(const StrategyContext& context, const EvolutionOptions& options);

/// First-improvement descent over all one-decision neighbours in random order, started anew from a random point
/// when a genotype has no better neighbour (White et al. 2021, arXiv:2005.02960). With several trials out at once it
/// starts anew before it has heard of the last neighbours; it goes on from one of these after all if it is better and
/// heard of before the new start.
std::unique_ptr<Strategy> make_local_search(const StrategyContext& context);

/// Expected improvement by the inquisitor's surrogate over mutations of the best trials and random genotypes: what
/// generative synthesis is without a generator.
struct BayesianOptions {
  int candidates = 384;        ///< looked at per proposal
  int explore = 8;             ///< the first proposals are random
  int parents = 10;            ///< best trials that are mutated
  double random_share = 0.25;  ///< of the candidates; the others are mutations
};
std::unique_ptr<Strategy> make_bayesian(const StrategyContext& context, const BayesianOptions& options);

/// The generator taught by the inquisitor (paper, section 2.2).
struct SynthesisOptions {
  int candidates = 96;  ///< drawn from the generator per proposal; the inquisitor picks the one of most merit
  int explore = 8;      ///< the first proposals are the generator's own, unpicked
  /// Of the proposals: picked by what they add to the Pareto front of accuracy by latency instead of by U, where U
  /// weighs latency. A user looks at the front, and it keeps the search from ending in one corner.
  double front_share = 0.5;
  teaching::TeachingOptions teaching;
};
std::unique_ptr<Strategy> make_generative_synthesis(const StrategyContext& context, const SynthesisOptions& options);

}  // namespace gensynth::strategy
