#include "search/simulation/surrogate_objective.hpp"

#include <fmt/format.h>
#include <oneapi/tbb/parallel_for.h>

#include <algorithm>
#include <cmath>

#include "architecture/base/error.hpp"
#include "architecture/base/random.hpp"
#include "architecture/base/statistics.hpp"
#include "architecture/hash.hpp"
#include "generator/make_space.hpp"
#include "inquisitor/features/features.hpp"

namespace gensynth::simulation {
namespace {

constexpr std::uint64_t kFolds = 10;

std::vector<float> row_of(const Architecture& architecture) {
  const std::vector<double> features = features::architecture_features(architecture);
  return {features.begin(), features.end()};
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
    rows[i] = row_of(architecture);
    targets[i] = static_cast<float>(trained.rows[i].accuracy);
    folds[i] = derive_seed(0, 0, to_string(canonical_hash(architecture))) % kFolds;
  });
  std::vector<double> left_out(n), accuracy(targets.begin(), targets.end());
  oneapi::tbb::parallel_for(std::uint64_t{0}, kFolds, [&](std::uint64_t fold) {
    std::vector<std::vector<float>> kept;
    std::vector<float> kept_targets;
    for (std::size_t i = 0; i < n; ++i) {
      if (folds[i] == fold) continue;
      kept.push_back(rows[i]);
      kept_targets.push_back(targets[i]);
    }
    if (kept.size() == n) return;
    const BoostedTrees trees(kept, kept_targets);
    for (std::size_t i = 0; i < n; ++i) {
      if (folds[i] == fold) left_out[i] = trees.predict(rows[i]);
    }
  });
  for (std::size_t i = 0; i < n; ++i) residuals_.push_back(accuracy[i] - left_out[i]);
  const double bias = mean(residuals_);
  const double centre = mean(accuracy);
  double squares = 0, total = 0;
  for (std::size_t i = 0; i < n; ++i) {
    squares += residuals_[i] * residuals_[i];
    total += (accuracy[i] - centre) * (accuracy[i] - centre);
    residuals_[i] -= bias;
  }
  std::sort(residuals_.begin(), residuals_.end());
  quality_ = {total > 0 ? 1 - squares / total : 0, std::sqrt(squares / static_cast<double>(n)),
              kendall_tau_b(accuracy, left_out), n};
  const auto [low, high] = std::minmax_element(accuracy.begin(), accuracy.end());
  lowest_ = *low;
  highest_ = *high;
  trees_.emplace(rows, targets);
}

double SurrogateObjective::expected(const Architecture& architecture) const {
  return clamped(trees_->predict(row_of(architecture)));
}

double SurrogateObjective::measured(double expected, std::uint64_t draw) const {
  Rng rng(draw);
  return clamped(expected + residuals_[static_cast<std::size_t>(below(rng, static_cast<int>(residuals_.size())))]);
}

}  // namespace gensynth::simulation
