#include "search/simulation/surrogate_objective.hpp"

#include <fmt/format.h>
#include <oneapi/tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "architecture/base/error.hpp"
#include "architecture/base/random.hpp"
#include "architecture/base/statistics.hpp"
#include "architecture/hash.hpp"
#include "generator/make_space.hpp"
#include "search/simulation/graph_statistics.hpp"

namespace gensynth::simulation {
namespace {

constexpr std::uint64_t kFolds = 10;

/// Weights of mean 1 with which each origin counts as much as another.
std::vector<float> balanced_weights(const std::vector<TrainedCandidates::Row>& rows) {
  std::map<std::string, int> counts;
  for (const TrainedCandidates::Row& row : rows) ++counts[row.origin];
  std::vector<float> weights;
  for (const TrainedCandidates::Row& row : rows) {
    weights.push_back(static_cast<float>(rows.size()) / static_cast<float>(counts.size()) /
                      static_cast<float>(counts.at(row.origin)));
  }
  return weights;
}

double clamped(double accuracy) { return std::clamp(accuracy, 0.1, 100.0); }

}  // namespace

SurrogateObjective::SurrogateObjective(const TrainedCandidates& trained) {
  const std::size_t n = trained.rows.size();
  if (n < kFewest) {
    throw Error(fmt::format("{}: {} trained candidates, expected at least {} to learn accuracy from",
                            trained.job.source, n, kFewest));
  }
  const std::unique_ptr<space::SearchSpace> space = generator::make_space(trained.job.space);
  std::vector<std::vector<float>> rows(n);
  std::vector<float> targets(n);
  std::vector<std::uint64_t> folds(n);
  oneapi::tbb::parallel_for(std::size_t{0}, n, [&](std::size_t i) {
    const Architecture architecture = space->build(trained.rows[i].genotype);
    rows[i] = graph_statistics(architecture);
    targets[i] = static_cast<float>(trained.rows[i].accuracy);
    folds[i] = derive_seed(0, 0, to_string(canonical_hash(architecture))) % kFolds;
  });
  const std::vector<float> weights = balanced_weights(trained.rows);
  std::vector<double> left_out(n), accuracy(targets.begin(), targets.end());
  oneapi::tbb::parallel_for(std::uint64_t{0}, kFolds, [&](std::uint64_t fold) {
    std::vector<std::vector<float>> kept;
    std::vector<float> kept_targets, kept_weights;
    for (std::size_t i = 0; i < n; ++i) {
      if (folds[i] == fold) continue;
      kept.push_back(rows[i]);
      kept_targets.push_back(targets[i]);
      kept_weights.push_back(weights[i]);
    }
    if (kept.size() == n) return;
    const BoostedTrees trees(kept, kept_targets, {}, kept_weights);
    for (std::size_t i = 0; i < n; ++i) {
      if (folds[i] == fold) left_out[i] = trees.predict(rows[i]);
    }
  });
  // Every figure of the error counts each origin as much as another, as the fit does.
  double bias = 0, centre = 0, squares = 0, total = 0;
  for (std::size_t i = 0; i < n; ++i) {
    bias += static_cast<double>(weights[i]) * (accuracy[i] - left_out[i]) / static_cast<double>(n);
    centre += static_cast<double>(weights[i]) * accuracy[i] / static_cast<double>(n);
  }
  for (std::size_t i = 0; i < n; ++i) {
    const double weight = weights[i];
    const double residual = accuracy[i] - left_out[i];
    squares += weight * residual * residual;
    total += weight * (accuracy[i] - centre) * (accuracy[i] - centre);
    residuals_.emplace_back(residual - bias, weight);
  }
  std::sort(residuals_.begin(), residuals_.end());
  for (std::size_t i = 1; i < n; ++i) residuals_[i].second += residuals_[i - 1].second;
  quality_ = {total > 0 ? 1 - squares / total : 0, std::sqrt(squares / static_cast<double>(n)),
              kendall_tau_b(accuracy, left_out), n};
  const auto [low, high] = std::minmax_element(accuracy.begin(), accuracy.end());
  lowest_ = *low;
  highest_ = *high;
  trees_.emplace(rows, targets, BoostedTreesOptions{}, weights);
}

double SurrogateObjective::expected(const Architecture& architecture) const {
  return clamped(trees_->predict(graph_statistics(architecture)));
}

double SurrogateObjective::measured(double expected, std::uint64_t draw) const {
  Rng rng(draw);
  const double at = uniform01(rng) * residuals_.back().second;
  const auto drawn = std::lower_bound(residuals_.begin(), residuals_.end(), at,
                                      [](const auto& residual, double value) { return residual.second < value; });
  return clamped(expected + drawn->first);
}

}  // namespace gensynth::simulation
