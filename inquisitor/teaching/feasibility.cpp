#include "inquisitor/teaching/feasibility.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "generator/distribution/delta_accumulator.hpp"

namespace gensynth::teaching {
namespace {

/// Weight of feasibility relative to preferences among feasible candidates.
constexpr double kGain = 2;
/// Draws that are checked together.
constexpr int kBatch = 512;

distribution::GeneratorDelta likelihood_ratio_step(double variation, const distribution::Generator& generator,
                                                   const std::vector<space::Genotype>& samples,
                                                   const std::vector<char>& feasible, double step) {
  const double share = feasible_share(feasible);
  const double scale = kGain * step / (static_cast<double>(samples.size()) * variation);
  distribution::GeneratorDelta delta;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    delta += generator.gradient(samples[i], scale * ((feasible[i] != 0 ? 1.0 : 0.0) - share));
  }
  return delta;
}

}  // namespace

double feasible_share(const std::vector<char>& feasible) {
  if (feasible.empty()) return 1;
  const auto met = std::count_if(feasible.begin(), feasible.end(), [](char yes) { return yes != 0; });
  return static_cast<double>(met) / static_cast<double>(feasible.size());
}

distribution::GeneratorDelta towards_feasibility(const distribution::Generator& generator,
                                                 const std::vector<space::Genotype>& samples,
                                                 const std::vector<char>& feasible, double step) {
  const double share = feasible_share(feasible);
  if (share == 0 || share == 1) return {};
  return likelihood_ratio_step(std::sqrt(share * (1 - share)), generator, samples, feasible, step);
}

std::vector<space::Genotype> feasible_examples(const distribution::Generator& generator, const FeasibilityCheck& check,
                                               Rng& rng, std::size_t wanted, int budget) {
  std::vector<space::Genotype> examples;
  std::set<space::Genotype> known;
  for (int drawn = 0; drawn < budget && examples.size() < wanted; drawn += kBatch) {
    const std::vector<space::Genotype> samples = generator.sample_many(rng, std::min(kBatch, budget - drawn));
    const std::vector<char> feasible = check(samples);
    for (std::size_t i = 0; i < samples.size() && examples.size() < wanted; ++i) {
      if (feasible[i] != 0 && known.insert(samples[i]).second) examples.push_back(samples[i]);
    }
  }
  return examples;
}

distribution::GeneratorDelta teach_feasibility(const distribution::Generator& generator, const FeasibilityCheck& check,
                                               Rng& rng, const FeasibilityTeachingOptions& options) {
  distribution::DeltaAccumulator taught(generator);
  double recent = 0.8;  // moving average of the share; starts low, so that one lucky round does not end the teaching
  for (int round = 0; round < options.rounds; ++round) {
    const std::vector<space::Genotype> samples = taught.generator().sample_many(rng, options.samples);
    const std::vector<char> feasible = check(samples);
    const double share = feasible_share(feasible);
    recent += (share - recent) / 2;
    if (recent >= options.enough) break;
    distribution::GeneratorDelta step;
    if (share > 0 && share < 1) {
      step = likelihood_ratio_step(share * (1 - share), taught.generator(), samples, feasible, options.step);
    }
    for (const space::Genotype& example : options.examples) {
      step += taught.generator().gradient(example, options.step / static_cast<double>(options.examples.size()));
    }
    taught.apply(step);
  }
  return taught.total();
}

}  // namespace gensynth::teaching
