#include "search/strategy/ranking.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace gensynth::strategy {
namespace {

using Valued = std::pair<double, const space::Genotype*>;

std::vector<space::Genotype> best_of(std::vector<Valued> valued, const surrogate::ObservationHistory& history,
                                     std::size_t count) {
  std::stable_sort(valued.begin(), valued.end(), [](const Valued& a, const Valued& b) { return a.first > b.first; });
  std::set<space::Genotype> taken;
  std::vector<space::Genotype> result;
  for (const auto& [value, genotype] : valued) {
    if (result.size() == count) break;
    if (history.contains(*genotype) || !taken.insert(*genotype).second) continue;
    result.push_back(*genotype);
  }
  std::reverse(result.begin(), result.end());
  return result;
}

}  // namespace

std::vector<space::Genotype> best_by_acquisition(const std::vector<surrogate::CandidatePrediction>& predictions,
                                                 const surrogate::ObservationHistory& history, std::size_t count) {
  std::vector<Valued> valued;
  for (const surrogate::CandidatePrediction& p : predictions) valued.emplace_back(p.acquisition, &p.genotype);
  return best_of(std::move(valued), history, count);
}

std::vector<space::Genotype> best_by_hypervolume_improvement(
    const std::vector<surrogate::CandidatePrediction>& predictions, const surrogate::ObservationHistory& history,
    std::size_t count) {
  std::vector<Valued> valued;
  for (const surrogate::CandidatePrediction& p : predictions) {
    if (p.expected_hypervolume_improvement > 0) valued.emplace_back(p.expected_hypervolume_improvement, &p.genotype);
  }
  return best_of(std::move(valued), history, count);
}

space::Genotype take_last(std::vector<space::Genotype>& genotypes) {
  space::Genotype last = std::move(genotypes.back());
  genotypes.pop_back();
  return last;
}

}  // namespace gensynth::strategy
