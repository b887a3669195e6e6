#pragma once

#include <functional>
#include <vector>

#include "generator/distribution/generator.hpp"

namespace gensynth::teaching {

/// Whether each genotype meets every hard constraint that needs no evaluation (1) or not (0), in the order given.
using FeasibilityCheck = std::function<std::vector<char>(const std::vector<space::Genotype>&)>;

/// Share of entries that are not 0; 1 for an empty list.
double feasible_share(const std::vector<char>& feasible);

/// The likelihood-ratio gradient of the probability that a sample is feasible (Williams 1992), with the share of
/// feasible samples as baseline, in units of the outcome's standard deviation, so that rare outcomes count and noise
/// stays small. It lowers the probability of what infeasible samples have in common, which steps towards good examples
/// alone do not. Empty when all samples or none are feasible.
distribution::GeneratorDelta towards_feasibility(const distribution::Generator& generator,
                                                 const std::vector<space::Genotype>& samples,
                                                 const std::vector<char>& feasible, double step);

/// At most `wanted` distinct feasible samples among at most `budget` draws.
std::vector<space::Genotype> feasible_examples(const distribution::Generator& generator, const FeasibilityCheck& check,
                                               Rng& rng, std::size_t wanted, int budget);

struct FeasibilityTeachingOptions {
  int rounds = 12;   ///< maximum
  int samples = 96;  ///< per round; where few samples fail, a small batch contains none or one of them
  double step = 0.35;
  double enough = 0.97;  ///< share of feasible samples that ends the teaching
  /// Each round also steps towards these feasible networks, so that no kind of network is lost.
  std::vector<space::Genotype> examples = {};
};

/// Δθ_G that makes feasible samples likelier and has no other goal: steps along the gradient of the log odds of
/// feasibility, which is as fast where few samples fail as where many do. Trains nothing.
distribution::GeneratorDelta teach_feasibility(const distribution::Generator& generator, const FeasibilityCheck& check,
                                               Rng& rng, const FeasibilityTeachingOptions& options);

}  // namespace gensynth::teaching
