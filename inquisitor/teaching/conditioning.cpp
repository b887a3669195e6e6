#include "inquisitor/teaching/conditioning.hpp"

#include <oneapi/tbb/parallel_for.h>

#include <algorithm>
#include <cmath>

namespace gensynth::teaching {
namespace {

struct Attempt {
  space::Genotype genotype;
  Standing standing;
};

/// Rounds without any sample near the condition before the generator gives back part of what holds it away.
constexpr int kPatience = 8;
/// Where no walk arrived, so many that came nearest are the examples.
constexpr std::size_t kNearest = 8;

/// The best share of them, and all who stand as high as the last of these: what tells them apart stays as it was.
std::size_t count_elite(const std::vector<Attempt>& best_first, double share) {
  auto elite = std::max<std::size_t>(1, static_cast<std::size_t>(share * static_cast<double>(best_first.size())));
  while (elite < best_first.size() && best_first[elite].standing == best_first[elite - 1].standing) ++elite;
  return elite;
}

/// Likelihood-ratio gradient of being among the elite, its share as baseline, in units of its deviation.
distribution::GeneratorDelta towards_elite(const distribution::Generator& pupil, const std::vector<Attempt>& best_first,
                                           const distribution::Condition& condition,
                                           const ConditioningOptions& options) {
  const std::size_t elite = count_elite(best_first, options.elite_share);
  distribution::GeneratorDelta step;
  if (elite == best_first.size()) return step;
  const auto count = static_cast<double>(best_first.size());
  const double part = static_cast<double>(elite) / count;
  const double scale = 2 * options.step / (count * std::sqrt(part * (1 - part)));
  for (std::size_t i = 0; i < best_first.size(); ++i) {
    step += pupil.gradient(best_first[i].genotype, scale * ((i < elite ? 1.0 : 0.0) - part), condition);
  }
  return step;
}

bool is_near(const Attempt& attempt) { return attempt.standing.level == Standing::Level::near; }

}  // namespace

distribution::GeneratorDelta teach_condition(const distribution::Generator& generator, const LatencyGoal& goal,
                                             Rng& rng, const ConditioningOptions& options, LatencyWalks* walks) {
  distribution::GeneratorDelta total;
  if (!goal.condition.latency_ms) return total;
  LatencyWalks found = walk_to_latency(generator, goal, rng, options.walk);
  std::vector<space::Genotype> examples = found.arrived.empty() ? found.on_the_way : found.arrived;
  if (found.arrived.empty()) examples.resize(std::min(examples.size(), kNearest));
  distribution::Generator pupil = generator;
  const auto apply = [&](const distribution::GeneratorDelta& delta) {
    pupil.apply(delta);
    total += delta;
  };
  std::vector<Attempt> attempts(static_cast<std::size_t>(options.samples));
  for (int round = 0; round < options.rounds; ++round) {
    for (Attempt& attempt : attempts) attempt.genotype = pupil.sample(rng(), goal.condition);
    oneapi::tbb::parallel_for(std::size_t{0}, attempts.size(),
                              [&](std::size_t i) { attempts[i].standing = goal.standing(attempts[i].genotype); });
    std::stable_sort(attempts.begin(), attempts.end(),
                     [](const Attempt& a, const Attempt& b) { return a.standing > b.standing; });
    const auto near = std::count_if(attempts.begin(), attempts.end(), is_near);
    if (static_cast<double>(near) >= options.enough * options.samples) break;
    if (found.arrived.empty() && near == 0 && round % kPatience == 0) apply(pupil.decay(options.loosening));
    distribution::GeneratorDelta step = towards_elite(pupil, attempts, goal.condition, options);
    const double faded = options.example_step * (1 - static_cast<double>(round) / options.rounds);
    for (const space::Genotype& example : examples) {
      step += pupil.gradient(example, faded / static_cast<double>(examples.size()), goal.condition);
    }
    apply(step);
  }
  if (walks != nullptr) *walks = std::move(found);
  return total;
}

}  // namespace gensynth::teaching
