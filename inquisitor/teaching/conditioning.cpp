#include "inquisitor/teaching/conditioning.hpp"

#include <oneapi/tbb/parallel_for.h>

#include <algorithm>
#include <cmath>

#include "generator/distribution/delta_accumulator.hpp"

namespace gensynth::teaching {
namespace {

struct ScoredSample {
  space::Genotype genotype;
  GoalScore score;
};

/// Rounds without any sample on target before part of θ is removed.
constexpr int kPatience = 8;
/// Examples that are used where no local search reached the target.
constexpr std::size_t kNearest = 8;

/// The best share of the samples and all that equal the last of these: between equal samples nothing is taught.
std::size_t count_elite(const std::vector<ScoredSample>& best_first, double share) {
  auto elite = std::max<std::size_t>(1, static_cast<std::size_t>(share * static_cast<double>(best_first.size())));
  while (elite < best_first.size() && best_first[elite].score == best_first[elite - 1].score) ++elite;
  return elite;
}

/// Likelihood-ratio gradient of the probability of the elite, with its share as baseline, in units of the standard
/// deviation of belonging to it.
distribution::GeneratorDelta towards_elite(const distribution::Generator& generator,
                                           const std::vector<ScoredSample>& best_first,
                                           const distribution::Condition& condition,
                                           const ConditioningOptions& options) {
  const std::size_t elite = count_elite(best_first, options.elite_share);
  distribution::GeneratorDelta step;
  if (elite == best_first.size()) return step;
  const auto count = static_cast<double>(best_first.size());
  const double share = static_cast<double>(elite) / count;
  const double scale = 2 * options.step / (count * std::sqrt(share * (1 - share)));
  for (std::size_t i = 0; i < best_first.size(); ++i) {
    step += generator.gradient(best_first[i].genotype, scale * ((i < elite ? 1.0 : 0.0) - share), condition);
  }
  return step;
}

bool on_target(const ScoredSample& sample) { return sample.score.level == GoalScore::Level::on_target; }

}  // namespace

distribution::GeneratorDelta teach_condition(const distribution::Generator& generator, const LatencyGoal& goal,
                                             Rng& rng, const ConditioningOptions& options, LatencySearchResult* found) {
  if (!goal.condition.latency_ms) return {};
  LatencySearchResult searched = search_latency(generator, goal, rng, options.search);
  const bool reached = !searched.on_target.empty();
  std::vector<space::Genotype> examples = reached ? searched.on_target : searched.nearest;
  if (!reached) examples.resize(std::min(examples.size(), kNearest));
  distribution::DeltaAccumulator taught(generator);
  std::vector<ScoredSample> samples(static_cast<std::size_t>(options.samples));
  for (int round = 0; round < options.rounds; ++round) {
    for (ScoredSample& sample : samples) sample.genotype = taught.generator().sample(rng(), goal.condition);
    oneapi::tbb::parallel_for(std::size_t{0}, samples.size(),
                              [&](std::size_t i) { samples[i].score = goal.score(samples[i].genotype); });
    std::stable_sort(samples.begin(), samples.end(),
                     [](const ScoredSample& a, const ScoredSample& b) { return a.score > b.score; });
    const auto hits = std::count_if(samples.begin(), samples.end(), on_target);
    if (static_cast<double>(hits) >= options.enough * options.samples) break;
    if (!reached && hits == 0 && round % kPatience == 0) taught.apply(taught.generator().decay(options.forgetting));
    distribution::GeneratorDelta step = towards_elite(taught.generator(), samples, goal.condition, options);
    const double example_step = options.example_step * (1 - static_cast<double>(round) / options.rounds);
    for (const space::Genotype& example : examples) {
      step += taught.generator().gradient(example, example_step / static_cast<double>(examples.size()), goal.condition);
    }
    taught.apply(step);
  }
  if (found != nullptr) *found = std::move(searched);
  return taught.total();
}

}  // namespace gensynth::teaching
