#include "search/strategy/strategy.hpp"

#include <algorithm>
#include <set>

#include "search/strategy/kinds.hpp"

namespace gensynth::strategy {
namespace {

constexpr double kInfeasibleFitness = -1e6;
constexpr double kFailedFitness = -1e12;

}  // namespace

teaching::Observation observation_of(const trial::Trial& trial, const assessment::UniversalPerformance& performance,
                                     const constraints::ConstraintSet& built_in) {
  teaching::Observation seen;
  seen.trial = trial.id;
  seen.genotype = trial.genotype;
  seen.accuracy = trial.metrics.value(performance.accuracy);
  seen.u = trial.u;
  seen.feasible = trial.feasible;
  seen.latency_ms = trial.metrics.value("latency_ms");
  for (const constraints::Verdict& verdict : trial.verdicts) {
    if (!built_in.tells_freely(verdict.constraint)) seen.margins.push_back(surrogate::constraint_observation(verdict));
  }
  return seen;
}

namespace {

std::vector<space::Genotype> best_of(std::vector<std::pair<double, const space::Genotype*>> valued,
                                     const teaching::Inquisitor& known, std::size_t count) {
  std::stable_sort(valued.begin(), valued.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  std::set<space::Genotype> taken;
  std::vector<space::Genotype> result;
  for (const auto& [value, genotype] : valued) {
    if (result.size() == count) break;
    if (known.knows(*genotype) || !taken.insert(*genotype).second) continue;
    result.push_back(*genotype);
  }
  std::reverse(result.begin(), result.end());
  return result;
}

}  // namespace

std::vector<space::Genotype> by_merit(const std::vector<teaching::CandidatePrediction>& beliefs,
                                      const teaching::Inquisitor& known, std::size_t count) {
  std::vector<std::pair<double, const space::Genotype*>> valued;
  for (const teaching::CandidatePrediction& belief : beliefs) valued.emplace_back(belief.merit, &belief.genotype);
  return best_of(std::move(valued), known, count);
}

std::vector<space::Genotype> by_front_gain(const std::vector<teaching::CandidatePrediction>& beliefs,
                                           const teaching::Inquisitor& known, std::size_t count) {
  std::vector<std::pair<double, const space::Genotype*>> valued;
  for (const teaching::CandidatePrediction& belief : beliefs) {
    if (belief.expected_hypervolume_improvement > 0)
      valued.emplace_back(belief.expected_hypervolume_improvement, &belief.genotype);
  }
  return best_of(std::move(valued), known, count);
}

space::Genotype take_last(std::vector<space::Genotype>& genotypes) {
  space::Genotype last = std::move(genotypes.back());
  genotypes.pop_back();
  return last;
}

double fitness(const trial::Trial& trial) {
  if (trial.feasible && trial.u) return *trial.u;
  if (trial.state == trial::TrialState::failed) return kFailedFitness;
  double violation = 0;
  for (const constraints::Verdict& verdict : trial.verdicts) {
    if (verdict.hard && !verdict.satisfied) violation += verdict.relative_violation();
  }
  return kInfeasibleFitness * (1 + violation);
}

std::unique_ptr<Strategy> make_strategy(const StrategySpec& spec, const StrategyContext& context) {
  if (spec.kind == "random") return make_random(context);
  if (spec.kind == "regularized_evolution") return make_regularized_evolution(context, spec.evolution);
  if (spec.kind == "local_search") return make_local_search(context);
  if (spec.kind == "bayesian") return make_bayesian(context, spec.bayesian);
  return make_generative_synthesis(context, spec.synthesis);
}

}  // namespace gensynth::strategy
