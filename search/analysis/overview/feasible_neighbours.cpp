#include "search/analysis/overview/feasible_neighbours.hpp"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace gensynth::analysis::overview {
namespace {

/// Trials that structural checks rejected, nearest to feasible first, each genotype once.
std::vector<const trial::Trial*> nearest(const std::vector<trial::Trial>& trials, int most) {
  std::vector<const trial::Trial*> result;
  for (const trial::Trial& trial : trials) {
    const bool structural = trial.stage == Stage::graph || trial.stage == Stage::latency;
    if (trial.state == trial::TrialState::rejected && structural && !trial.rule.empty()) result.push_back(&trial);
  }
  std::stable_sort(result.begin(), result.end(), [](const trial::Trial* a, const trial::Trial* b) {
    return rejecting_violation(*a) < rejecting_violation(*b);
  });
  std::set<space::Genotype> seen;
  std::erase_if(result, [&](const trial::Trial* trial) { return !seen.insert(trial->genotype).second; });
  if (result.size() > static_cast<std::size_t>(most)) result.resize(static_cast<std::size_t>(most));
  return result;
}

std::optional<double> change(const Metrics& before, const Metrics& after, const char* name) {
  const std::optional<double> a = before.value(name);
  const std::optional<double> b = after.value(name);
  if (!a || !b) return std::nullopt;
  return *b - *a;
}

FeasibleNeighbour described(const space::SearchSpace& space, const space::Genotype& trial,
                            const space::Genotype& neighbour, const Metrics& before, const Metrics& after) {
  const std::size_t shorter = std::min(trial.size(), neighbour.size());
  const auto at = static_cast<std::size_t>(
      std::mismatch(trial.begin(), trial.begin() + static_cast<std::ptrdiff_t>(shorter), neighbour.begin()).first -
      trial.begin());
  // Neighbours differ in one decision, and those before it are the same.
  const std::optional<space::Decision> decision = space.next({trial.data(), at});
  FeasibleNeighbour result;
  if (decision && at < shorter) {
    result.decision = decision->name;
    result.from = space.label(*decision, trial[at]);
    result.to = space.label(*decision, neighbour[at]);
  }
  result.latency_ms = change(before, after, "latency_ms");
  result.params = change(before, after, "params");
  result.macs = change(before, after, "macs");
  result.top1 = change(before, after, "top1");
  return result;
}

NearMiss examine(const run::SearchContext& parts, const trial::Trial& trial) {
  NearMiss result;
  result.trial = trial.id;
  result.rule = trial.rule;
  result.violation = rejecting_violation(trial);
  // A trial that the graph's constraints rejected has no latency yet.
  const Metrics before = parts.assessor.assess(parts.space->build(trial.genotype), true).metrics;
  for (const space::Genotype& neighbour : parts.space->neighbours(trial.genotype)) {
    const assessment::Assessment after = parts.assessor.assess(parts.space->build(neighbour));
    if (!after.rejected()) {
      result.changes.push_back(described(*parts.space, trial.genotype, neighbour, before, after.metrics));
    }
  }
  std::stable_sort(result.changes.begin(), result.changes.end(),
                   [](const FeasibleNeighbour& a, const FeasibleNeighbour& b) {
                     return std::abs(a.latency_ms.value_or(0)) < std::abs(b.latency_ms.value_or(0));
                   });
  return result;
}

}  // namespace

std::vector<NearMiss> near_misses(const run::SearchContext& parts, const std::vector<trial::Trial>& trials, int most) {
  const std::vector<const trial::Trial*> candidates = nearest(trials, most);
  std::vector<NearMiss> result(candidates.size());
  tbb::parallel_for(std::size_t{0}, candidates.size(),
                    [&](std::size_t i) { result[i] = examine(parts, *candidates[i]); });
  std::erase_if(result, [](const NearMiss& miss) { return miss.changes.empty(); });
  return result;
}

}  // namespace gensynth::analysis::overview
