#include "inquisitor/teaching/teaching.hpp"

#include <algorithm>

#include "generator/distribution/delta_accumulator.hpp"

namespace gensynth::teaching {
namespace {

using distribution::Generator;
using distribution::GeneratorDelta;
using surrogate::CandidatePrediction;

/// Batches that teach feasibility alone are larger by this factor.
constexpr int kFeasibilityBatch = 4;
/// Feasible examples that the first teaching looks for, and the samples it may draw for them. Fewer than a few examples
/// would show one kind of network only.
constexpr std::size_t kExamples = 32;
constexpr std::size_t kFewExamples = 4;
constexpr int kSamplesForExamples = 16'384;
/// Where at least this share of samples is feasible from the start, feasibility is not taught on its own.
constexpr double kMostlyFeasible = 0.9;

/// Step towards the best evaluated candidates: measurements outweigh predictions. Weighted 1, 1/2, 1/3, ... by rank, so
/// that the scale of U does not matter.
GeneratorDelta towards_best_evaluated(const Generator& generator, const std::vector<space::Genotype>& best_first,
                                      double step) {
  GeneratorDelta delta;
  if (step <= 0) return delta;
  double weights = 0;
  for (std::size_t i = 0; i < best_first.size(); ++i) weights += 1 / static_cast<double>(i + 1);
  for (std::size_t i = 0; i < best_first.size(); ++i) {
    const double share = 1 / (static_cast<double>(i + 1) * weights);
    delta += generator.gradient(best_first[i], step * share);
  }
  return delta;
}

/// Before anything is evaluated: where few samples are feasible, examples of many kinds of feasible networks come
/// first. Steps towards the samples nearest to feasible would end at one kind.
GeneratorDelta teach_examples(const Generator& generator, const TeachingInput& input, Rng& rng,
                              const TeachingOptions& options, std::vector<space::Genotype>& examples) {
  const std::vector<space::Genotype> sampled = generator.sample_many(rng, options.samples);
  if (feasible_share(input.check_feasibility(sampled)) >= kMostlyFeasible) return {};
  FeasibilityTeachingOptions feasibility{4 * options.rounds, kFeasibilityBatch * options.samples, options.step};
  feasibility.examples = feasible_examples(generator, input.check_feasibility, rng, kExamples, kSamplesForExamples);
  if (feasibility.examples.size() < kFewExamples) return {};
  examples = feasibility.examples;
  return teach_feasibility(generator, input.check_feasibility, rng, feasibility);
}

}  // namespace

TeachingResult teach(const Generator& generator, const TeachingInput& input, Rng& rng, const TeachingOptions& options) {
  TeachingResult result;
  distribution::DeltaAccumulator taught(generator);
  if (input.nothing_evaluated) {
    taught.apply(teach_examples(generator, input, rng, options, result.feasible_examples));
  }
  bool all_feasible = true;
  for (int round = 0; round < options.rounds; ++round) {
    std::vector<CandidatePrediction> predictions = input.predict(taught.generator().sample_many(rng, options.samples));
    std::stable_sort(
        predictions.begin(), predictions.end(),
        [](const CandidatePrediction& a, const CandidatePrediction& b) { return a.acquisition > b.acquisition; });
    std::vector<space::Genotype> sampled;
    std::vector<char> feasible;
    for (const CandidatePrediction& prediction : predictions) {
      sampled.push_back(prediction.genotype);
      feasible.push_back(prediction.assessment.rejected() ? 0 : 1);
    }
    const double share = feasible_share(feasible);
    std::size_t elite = std::max<std::size_t>(1, static_cast<std::size_t>(options.elite_share * options.samples));
    if (!input.models_fitted) {
      // Nothing distinguishes feasible candidates yet: where most are feasible, none needs to become likelier.
      if (share >= kMostlyFeasible) break;
      elite = std::max(elite, static_cast<std::size_t>(share * static_cast<double>(predictions.size()) + 0.5));
    }
    all_feasible = all_feasible && share == 1;
    const double memory = input.best_evaluated.empty() ? 0 : options.memory;
    GeneratorDelta step = towards_best_evaluated(taught.generator(), input.best_evaluated, options.step * memory);
    step += towards_feasibility(taught.generator(), sampled, feasible, options.step);
    const double elite_step = options.step * (1 - memory) / static_cast<double>(elite);
    for (std::size_t i = 0; i < elite; ++i) step += taught.generator().gradient(sampled[i], elite_step);
    taught.apply(step);
    taught.apply(taught.generator().decay(options.forgetting));
    for (CandidatePrediction& prediction : predictions) {
      if (!prediction.assessment.rejected()) result.candidates.push_back(std::move(prediction));
    }
  }
  if (!all_feasible) {
    // Decay removed part of what was taught about feasibility; only feasibility is taught until that is restored.
    const FeasibilityTeachingOptions feasibility{options.rounds, kFeasibilityBatch * options.samples, options.step};
    taught.apply(teach_feasibility(taught.generator(), input.check_feasibility, rng, feasibility));
  }
  result.delta = taught.total();
  return result;
}

}  // namespace gensynth::teaching
