#pragma once

#include <functional>
#include <vector>

#include "generator/distribution/generator.hpp"
#include "inquisitor/surrogate/candidate_models.hpp"
#include "inquisitor/teaching/feasibility.hpp"
#include "inquisitor/teaching/teaching_options.hpp"

namespace gensynth::teaching {

/// The information about candidates that `teach` uses.
struct TeachingInput {
  /// Predictions with acquisition values, in the order of the genotypes.
  std::function<std::vector<surrogate::CandidatePrediction>(const std::vector<space::Genotype>&)> predict;
  FeasibilityCheck check_feasibility;
  std::vector<space::Genotype> best_evaluated;  ///< best first; empty as long as accuracy is not modelled
  bool models_fitted = false;                   ///< acquisition values distinguish feasible candidates
  bool nothing_evaluated = true;
};

struct TeachingResult {
  distribution::GeneratorDelta delta;                      ///< Δθ_G
  std::vector<surrogate::CandidatePrediction> candidates;  ///< the feasible ones sampled while teaching
  /// Distinct feasible samples of the untaught generator, which the first teaching needs where few samples are
  /// feasible; else empty.
  std::vector<space::Genotype> feasible_examples;
};

/// Sum of `rounds` cross-entropy steps on a copy of the generator (Rubinstein 1999): towards the samples of the highest
/// acquisition values, towards the best evaluated candidates, and towards feasibility. Deterministic given the random
/// generator passed.
TeachingResult teach(const distribution::Generator& generator, const TeachingInput& input, Rng& rng,
                     const TeachingOptions& options);

}  // namespace gensynth::teaching
