#pragma once

#include <optional>
#include <string>
#include <vector>

#include "search/analysis/trial_credit.hpp"
#include "search/run/run.hpp"

namespace gensynth::analysis {

/// Choices of one decision that alone would violate a hard constraint (if the candidate is feasible) or would reduce
/// its violation (if it is infeasible). Computed, not predicted.
struct SingleChange {
  std::size_t decision = 0;  ///< index into the credit's decisions
  std::vector<std::string> answers;
  std::vector<std::string> rules;  ///< constraints that they violate, or that are still violated with them
  double violation = 0;            ///< the smallest remaining violation
};

/// Why a trial ended as it did: its history, and the decisions and vertices that matter.
struct TrialExplanation {
  trial::Trial trial;
  std::vector<trial::Event> events;
  TrialCredit credit;
  std::vector<std::size_t> helped, hurt;           ///< decisions whose credit exceeds its uncertainty, largest first
  int unsure = 0;                                  ///< decisions whose credit does not
  std::vector<SingleChange> changes;               ///< the most effective first
  std::vector<std::size_t> feasibility_decisions;  ///< decisions that change P(feasible) by 1 % or more, largest first
  std::optional<ProbedVertices> probed;
};

/// Fits an inquisitor to the evaluated trials of the run, which may take seconds.
TrialExplanation explain_trial(const run::Run& run, const trial::Trial& trial);

}  // namespace gensynth::analysis
