#include "inquisitor/teaching/feasibility.hpp"

#include <algorithm>
#include <cmath>
#include <set>

namespace gensynth::teaching {
namespace {

/// Feasibility weighs more than any preference among feasible candidates.
constexpr double kGain = 2;
/// Draws that are judged at a time.
constexpr int kPortion = 512;

distribution::GeneratorDelta gradient_over(double scale_of_share, const distribution::Generator& pupil,
                                           const std::vector<space::Genotype>& samples,
                                           const std::vector<char>& feasible, double step) {
  const double share = feasible_share(feasible);
  const double scale = kGain * step / (static_cast<double>(samples.size()) * scale_of_share);
  distribution::GeneratorDelta delta;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    delta += pupil.gradient(samples[i], scale * ((feasible[i] != 0 ? 1.0 : 0.0) - share));
  }
  return delta;
}

std::vector<space::Genotype> draw(const distribution::Generator& generator, Rng& rng, int count) {
  std::vector<space::Genotype> samples;
  for (int i = 0; i < count; ++i) samples.push_back(generator.sample(rng()));
  return samples;
}

}  // namespace

double feasible_share(const std::vector<char>& feasible) {
  if (feasible.empty()) return 1;
  const auto met = std::count_if(feasible.begin(), feasible.end(), [](char yes) { return yes != 0; });
  return static_cast<double>(met) / static_cast<double>(feasible.size());
}

distribution::GeneratorDelta towards_feasibility(const distribution::Generator& pupil,
                                                 const std::vector<space::Genotype>& samples,
                                                 const std::vector<char>& feasible, double step) {
  const double share = feasible_share(feasible);
  if (share == 0 || share == 1) return {};
  return gradient_over(std::sqrt(share * (1 - share)), pupil, samples, feasible, step);
}

std::vector<space::Genotype> feasible_examples(const distribution::Generator& generator, const FeasibilityJudge& judge,
                                               Rng& rng, std::size_t wanted, int budget) {
  std::vector<space::Genotype> examples;
  std::set<space::Genotype> known;
  for (int drawn = 0; drawn < budget && examples.size() < wanted; drawn += kPortion) {
    const std::vector<space::Genotype> samples = draw(generator, rng, std::min(kPortion, budget - drawn));
    const std::vector<char> feasible = judge(samples);
    for (std::size_t i = 0; i < samples.size() && examples.size() < wanted; ++i) {
      if (feasible[i] != 0 && known.insert(samples[i]).second) examples.push_back(samples[i]);
    }
  }
  return examples;
}

distribution::GeneratorDelta teach_feasibility(const distribution::Generator& generator, const FeasibilityJudge& judge,
                                               Rng& rng, const FeasibilityLesson& lesson) {
  distribution::Generator pupil = generator;
  distribution::GeneratorDelta total;
  double recent = 0.8;  // share of the last rounds, begun low: one lucky round proves nothing
  for (int round = 0; round < lesson.rounds; ++round) {
    const std::vector<space::Genotype> samples = draw(pupil, rng, lesson.samples);
    const std::vector<char> feasible = judge(samples);
    const double share = feasible_share(feasible);
    recent += (share - recent) / 2;
    if (recent >= lesson.enough) break;
    distribution::GeneratorDelta step;
    if (share > 0 && share < 1) step = gradient_over(share * (1 - share), pupil, samples, feasible, lesson.step);
    for (const space::Genotype& example : lesson.examples) {
      step += pupil.gradient(example, lesson.step / static_cast<double>(lesson.examples.size()));
    }
    pupil.apply(step);
    total += step;
  }
  return total;
}

}  // namespace gensynth::teaching
