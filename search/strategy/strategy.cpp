#include "search/strategy/strategy.hpp"

#include "search/strategy/kinds.hpp"

namespace gensynth::strategy {
namespace {

constexpr double kInfeasibleFitness = -1e6;
constexpr double kFailedFitness = -1e12;

}  // namespace

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
  switch (spec.kind) {
    case StrategyKind::random:
      return make_random(context);
    case StrategyKind::regularized_evolution:
      return make_regularized_evolution(context, spec.evolution);
    case StrategyKind::local_search:
      return make_local_search(context);
    case StrategyKind::bayesian:
      return make_bayesian(context, spec.bayesian);
    case StrategyKind::generative_synthesis:
      break;
  }
  return make_generative_synthesis(context, spec.synthesis);
}

}  // namespace gensynth::strategy
