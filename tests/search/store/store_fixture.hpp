#pragma once

#include <string>

#include "search/trial/trial.hpp"

namespace gensynth::store {

inline trial::Trial queued_trial(std::int64_t id) {
  trial::Trial trial;
  trial.id = trial.ordinal = id;
  trial.state = trial::TrialState::queued;
  trial.genotype = {1, 2, static_cast<int>(id)};
  trial.hash = "h" + std::to_string(id);
  return trial;
}

/// A trial that constraint "small" with bound 2 rejected.
inline trial::Trial rejected_trial(std::int64_t id, double violation) {
  trial::Trial trial = queued_trial(id);
  trial.ordinal = 0;
  trial.state = trial::TrialState::rejected;
  trial.rule = "small";
  trial.stage = Stage::graph;
  constraints::Verdict verdict;
  verdict.constraint = "small";
  verdict.satisfied = false;
  verdict.bound = 2;
  verdict.violation = violation;
  trial.verdicts = {verdict};
  return trial;
}

}  // namespace gensynth::store
