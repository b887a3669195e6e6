#include "search/analysis/pareto_front.hpp"

#include <algorithm>
#include <limits>
#include <map>

namespace gensynth::analysis {

std::vector<trial::Trial> pareto_front(const std::vector<trial::Trial>& trials, const std::string& accuracy) {
  std::vector<trial::Trial> sorted;
  for (const trial::Trial& trial : trials) {
    if (trial.feasible && trial.metrics.value("latency_ms") && trial.metrics.value(accuracy)) sorted.push_back(trial);
  }
  const auto latency = [](const trial::Trial& t) { return *t.metrics.value("latency_ms"); };
  const auto top1 = [&](const trial::Trial& t) { return t.metrics.at(accuracy).taken(); };
  std::stable_sort(sorted.begin(), sorted.end(), [&](const trial::Trial& a, const trial::Trial& b) {
    return latency(a) != latency(b) ? latency(a) < latency(b) : top1(a) > top1(b);
  });
  std::vector<trial::Trial> front;
  double best = -std::numeric_limits<double>::infinity();
  for (trial::Trial& trial : sorted) {
    if (top1(trial) > best) {
      best = top1(trial);
      front.push_back(std::move(trial));
    }
  }
  return front;
}

std::vector<FrontStructure> group_front(const space::SearchSpace& space, const std::vector<trial::Trial>& front) {
  std::vector<trial::Trial> best_first = front;
  std::stable_sort(best_first.begin(), best_first.end(), [](const trial::Trial& a, const trial::Trial& b) {
    return a.u.value_or(-1e9) > b.u.value_or(-1e9);
  });
  std::vector<space::Genotype> genotypes;
  for (const trial::Trial& trial : best_first) genotypes.push_back(trial.genotype);
  const std::vector<std::size_t> groups = space::group_by_structure(space, genotypes);
  std::map<std::size_t, FrontStructure> found;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (groups[i] == i) {
      found[i].best = best_first[i];
    } else {
      ++found[groups[i]].variants;
    }
  }
  std::vector<FrontStructure> result;
  for (auto& [first, structure] : found) result.push_back(std::move(structure));
  std::stable_sort(result.begin(), result.end(), [](const FrontStructure& a, const FrontStructure& b) {
    return a.best.metrics.at("latency_ms").value < b.best.metrics.at("latency_ms").value;
  });
  return result;
}

std::vector<trial::Trial> best_of_front(const run::Run& run) {
  const std::vector<trial::Trial> front =
      pareto_front(run.store().list(trial::TrialState::scored), run.job().objective.accuracy);
  std::vector<trial::Trial> best;
  for (FrontStructure& structure : group_front(*run.context(registry::Plugins::leave).space, front)) {
    best.push_back(std::move(structure.best));
  }
  return best;
}

}  // namespace gensynth::analysis
