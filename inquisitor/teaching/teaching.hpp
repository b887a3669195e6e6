#pragma once

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "generator/distribution/generator.hpp"
#include "inquisitor/surrogate/candidate_models.hpp"
#include "inquisitor/teaching/feasibility.hpp"

namespace gensynth::teaching {

struct TeachingOptions {
  int rounds = 12;   ///< steps between two evaluations
  int samples = 24;  ///< candidates predicted per step
  double elite_share = 0.25;
  double step = 0.35;        ///< of the cross-entropy update
  double memory = 0.5;       ///< share of a step that goes towards the best evaluated candidates
  double forgetting = 0.02;  ///< share of θ that each step removes, so that no choice dies out
};

/// What `teach` knows about candidates.
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

/// Throws Error naming the place for an unknown key or a value out of range.
TeachingOptions teaching_options_from_json(const nlohmann::json& value, const std::string& source,
                                           const std::string& pointer);
nlohmann::ordered_json to_json(const TeachingOptions& options);

}  // namespace gensynth::teaching
