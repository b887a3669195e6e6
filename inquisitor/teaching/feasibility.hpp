#pragma once

#include <functional>
#include <vector>

#include "generator/distribution/generator.hpp"

namespace gensynth::teaching {

/// Whether each genotype meets every hard constraint that can be judged without training.
using FeasibilityJudge = std::function<std::vector<char>(const std::vector<space::Genotype>&)>;

/// Share of 1 in it; 1 when it is empty.
double feasible_share(const std::vector<char>& feasible);

/// The likelihood-ratio gradient of the probability that a sample is feasible, with the share of these samples as
/// baseline, in units of the outcome's deviation: a rare outcome counts, and noise stays small. What infeasible samples
/// have in common becomes rarer: steps towards good examples alone do not tell which combinations of choices break a
/// rule. Nothing when all or none are feasible.
distribution::GeneratorDelta towards_feasibility(const distribution::Generator& pupil,
                                                 const std::vector<space::Genotype>& samples,
                                                 const std::vector<char>& feasible, double step);

/// Distinct feasible samples: at most `wanted`, among at most `budget` draws.
std::vector<space::Genotype> feasible_examples(const distribution::Generator& generator, const FeasibilityJudge& judge,
                                               Rng& rng, std::size_t wanted, int budget);

struct FeasibilityLesson {
  int rounds = 12;   ///< at most
  int samples = 96;  ///< per round: where few fail, a small batch shows none of them or one
  double step = 0.35;
  double enough = 0.97;  ///< share of samples that are feasible: no further rounds
  /// Each round also steps towards these: feasible networks of every kind, so that none is forgotten for another.
  std::vector<space::Genotype> examples = {};
};

/// Δθ_G that makes feasible samples likelier, and nothing else: steps along the gradient of the log odds of
/// feasibility, as fast where few samples fail as where many do. Costs no training.
distribution::GeneratorDelta teach_feasibility(const distribution::Generator& generator, const FeasibilityJudge& judge,
                                               Rng& rng, const FeasibilityLesson& lesson);

}  // namespace gensynth::teaching
