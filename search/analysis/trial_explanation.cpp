#include "search/analysis/trial_explanation.hpp"

#include <algorithm>
#include <cmath>

namespace gensynth::analysis {
namespace {

constexpr double kVisibleCredit = 0.005;      // dB: less is printed as 0.00
constexpr double kVisibleFeasibility = 0.01;  // less is printed as 0 %
constexpr double kLessViolation = 0.999;      // of the candidate's: a change below that is no improvement

void rank_decisions(TrialExplanation& result) {
  const std::vector<explanation::DecisionCredit>& decisions = result.credit.credit.decisions;
  for (std::size_t i = 0; i < decisions.size(); ++i) {
    const std::optional<explanation::Advantage>& credit = decisions[i].credit;
    if (!credit) continue;
    if (std::abs(credit->u) > std::max(kVisibleCredit, credit->deviation)) {
      (credit->u > 0 ? result.helped : result.hurt).push_back(i);
    } else {
      ++result.unsure;
    }
  }
  const auto larger = [&](std::size_t a, std::size_t b) {
    return std::abs(decisions[a].credit->u) > std::abs(decisions[b].credit->u);
  };
  std::stable_sort(result.helped.begin(), result.helped.end(), larger);
  std::stable_sort(result.hurt.begin(), result.hurt.end(), larger);
}

std::vector<SingleChange> single_changes(const explanation::CandidateCredit& credit,
                                         const std::vector<DecisionLabels>& labels) {
  std::vector<SingleChange> changes;
  for (std::size_t i = 0; i < credit.decisions.size(); ++i) {
    const explanation::DecisionCredit& d = credit.decisions[i];
    SingleChange change{i, {}, {}, credit.violation};
    for (std::size_t k = 0; k < d.alternatives.size(); ++k) {
      const explanation::Alternative& a = d.alternatives[k];
      const bool matters = credit.feasible ? !a.feasible : a.violation < kLessViolation * credit.violation;
      if (!matters) continue;
      const bool mends = !credit.feasible && a.feasible;
      change.answers.push_back(labels[i].alternatives[k] + (mends ? " (meets all)" : ""));
      change.violation = std::min(change.violation, a.violation);
      if (!a.rule.empty() && std::find(change.rules.begin(), change.rules.end(), a.rule) == change.rules.end()) {
        change.rules.push_back(a.rule);
      }
    }
    if (!change.answers.empty()) changes.push_back(std::move(change));
  }
  std::stable_sort(changes.begin(), changes.end(), [&](const SingleChange& a, const SingleChange& b) {
    return credit.feasible ? a.answers.size() > b.answers.size() : a.violation < b.violation;
  });
  return changes;
}

std::vector<std::size_t> decisions_of_feasibility(const explanation::CandidateCredit& credit) {
  std::vector<std::size_t> result;
  if (credit.measured.empty()) return result;
  for (std::size_t i = 0; i < credit.decisions.size(); ++i) {
    const std::optional<double>& change = credit.decisions[i].feasibility;
    if (change && std::abs(*change) >= kVisibleFeasibility) result.push_back(i);
  }
  std::stable_sort(result.begin(), result.end(), [&](std::size_t a, std::size_t b) {
    return std::abs(*credit.decisions[a].feasibility) > std::abs(*credit.decisions[b].feasibility);
  });
  return result;
}

}  // namespace

TrialExplanation explain_trial(const run::Run& run, const trial::Trial& trial) {
  const run::SearchContext& context = run.context(registry::Plugins::leave);
  TrialExplanation result;
  result.trial = trial;
  result.events = run.store().events(trial.id);
  result.credit = credit_trial(context, run.store(), trial);
  rank_decisions(result);
  result.changes = single_changes(result.credit.credit, result.credit.labels);
  result.feasibility_decisions = decisions_of_feasibility(result.credit.credit);
  result.probed = probed_vertices(run.folder(), run.job(), context, trial);
  return result;
}

}  // namespace gensynth::analysis
