#include "search/trial/observation.hpp"

namespace gensynth::trial {

surrogate::Observation observation_of(const Trial& trial, const std::string& accuracy) {
  surrogate::Observation observation;
  observation.trial = trial.id;
  observation.genotype = trial.genotype;
  if (const Quantity* measured = trial.metrics.find(accuracy)) observation.accuracy = measured->taken();
  observation.u = trial.u;
  observation.feasible = trial.feasible;
  observation.latency_ms = trial.metrics.value("latency_ms");
  return observation;
}

surrogate::Observation observation_of(const Trial& trial, const std::string& accuracy,
                                      const constraints::ConstraintSet& constraints) {
  surrogate::Observation observation = observation_of(trial, accuracy);
  for (const constraints::Verdict& verdict : trial.verdicts) {
    if (constraints.tells_freely(verdict.constraint)) continue;
    observation.constraints.push_back(surrogate::constraint_observation(verdict));
  }
  return observation;
}

}  // namespace gensynth::trial
