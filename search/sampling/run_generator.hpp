#pragma once

#include <string>

#include "generator/distribution/mixture.hpp"
#include "inquisitor/teaching/latency_goal.hpp"
#include "search/run/run.hpp"
#include "search/sampling/generator_summary.hpp"

namespace gensynth::sampling {

/// The generators of a finished, stopped or running run.
struct RunGenerator {
  run::Run run;
  distribution::Generator explorer;  ///< the one that the search explored with, as the store holds it
  /// The one that it leaves behind (Strategy::exploiting_generator): as the store holds it where it was taught with all
  /// trials of the run, else taught now.
  distribution::Mixture generator;
  /// Throws Error when the run's strategy has no generator or has proposed nothing yet.
  explicit RunGenerator(const std::string& folder);
  /// Utility of candidates by the objective of the run (analysis/run_predictions.hpp). May fit models to its trials.
  teaching::Utility utility() const;
  RunGenerator(const RunGenerator&) = delete;
  RunGenerator& operator=(const RunGenerator&) = delete;
};

/// The store's value that holds the exploiting generator, its summary, and the number of trials that it was taught
/// with.
constexpr const char* kGeneratorValue = "generator";
/// Teaches the exploiting generator of a run with all its trials, and stores and summarises it. Nothing for a strategy
/// without a generator, or when nothing was proposed. The run must be open for writing.
std::optional<GeneratorSummary> store_generator(run::Run& run);

}  // namespace gensynth::sampling
