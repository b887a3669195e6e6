#include "inquisitor/conditioning.hpp"

#include <oneapi/tbb/parallel_for.h>

#include <algorithm>
#include <cmath>

namespace gensynth {
namespace {

struct Attempt {
  Genotype genotype;
  double merit = 0;  ///< 0: meets constraints and condition; else minus how far it is from that
};

/// Every candidate that violates a constraint ranks below every one that meets all of them.
constexpr double kInfeasible = -100;
/// Rounds without any sample near the condition before the generator gives back part of what holds it away.
constexpr int kPatience = 8;

double merit_of(const Architecture& architecture, const StructuralAssessor& assessor, const Condition& condition) {
  const Assessment assessment = assessor.assess(architecture);
  if (assessment.rejected()) {
    // Rejected by the cheap stage, it was never measured by the dear one: further away than any that was.
    const double unseen = assessment.stage == "graph" ? 1.0 : 0.0;
    return kInfeasible * (1 + unseen + assessment.hard_violation());
  }
  if (latency_miss(assessment, condition) <= kLatencyTolerance) return 0;
  return -std::abs(std::log2(assessment.metrics.at("latency_ms").value / *condition.latency_ms));
}

}  // namespace

double latency_miss(const Assessment& assessment, const Condition& condition) {
  if (!condition.latency_ms) return 0;
  return std::abs(assessment.metrics.at("latency_ms").value / *condition.latency_ms - 1);
}

GeneratorDelta teach_condition(const Generator& generator, const StructuralAssessor& assessor,
                               const Condition& condition, Rng& rng, const ConditioningOptions& options) {
  GeneratorDelta total;
  if (!condition.latency_ms) return total;
  Generator pupil = generator;
  std::vector<Attempt> attempts(static_cast<std::size_t>(options.samples));
  for (int round = 0; round < options.rounds; ++round) {
    for (Attempt& attempt : attempts) attempt.genotype = pupil.sample(rng(), condition);
    oneapi::tbb::parallel_for(std::size_t{0}, attempts.size(), [&](std::size_t i) {
      attempts[i].merit = merit_of(pupil.space().build(attempts[i].genotype), assessor, condition);
    });
    std::stable_sort(attempts.begin(), attempts.end(),
                     [](const Attempt& a, const Attempt& b) { return a.merit > b.merit; });
    const auto meet = static_cast<std::size_t>(
        std::count_if(attempts.begin(), attempts.end(), [](const Attempt& a) { return a.merit >= 0; }));
    if (static_cast<double>(meet) >= options.enough * options.samples) break;
    if (meet == 0 && round % kPatience == 0) {
      const GeneratorDelta looser = pupil.decay(options.loosening);
      pupil.apply(looser);
      total += looser;
    }
    // All that meet everything are equally good examples: what tells them apart stays as it was learned.
    const auto share = static_cast<std::size_t>(options.elite_share * options.samples);
    const std::size_t elite = std::max({std::size_t{1}, share, meet});
    // Likelihood-ratio gradient of being among the elite, its share as baseline, in units of its deviation.
    const double elite_part = static_cast<double>(elite) / options.samples;
    const double scale = 2 * options.step / (options.samples * std::sqrt(elite_part * (1 - elite_part)));
    GeneratorDelta step;
    for (std::size_t i = 0; i < attempts.size(); ++i) {
      const double surplus = (i < elite ? 1.0 : 0.0) - elite_part;
      step += pupil.gradient(attempts[i].genotype, scale * surplus, condition);
    }
    pupil.apply(step);
    total += step;
  }
  return total;
}

}  // namespace gensynth
