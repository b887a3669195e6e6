#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "architecture/architecture.hpp"
#include "search/simulation/boosted_trees.hpp"
#include "search/simulation/trained_candidates.hpp"

namespace gensynth::simulation {

/// A model that replaces training in benchmarks of strategies: a candidate's accuracy, learned from trained candidates,
/// and the distribution of single trainings around it. Boosted trees over graph_statistics: another class of model than
/// the inquisitor's Gaussian process, over statistics that it does not use. Candidates are weighted so that each origin
/// counts as much as another. Valid between and near its candidates; beyond them it is constant.
class SurrogateObjective {
 public:
  /// Throws Error when there are fewer than kFewest candidates.
  explicit SurrogateObjective(const TrainedCandidates& trained);
  static constexpr std::size_t kFewest = 50;

  /// Without noise, in %.
  double expected(const Architecture& architecture) const;
  /// The result of one training, in %: the expectation plus a residual. `draw` identifies the training.
  double measured(double expected, std::uint64_t draw) const;

  /// Ten-fold cross-validation; equal networks are in the same fold. r2 and rmse count each origin alike.
  struct Quality {
    double r2 = 0;
    double rmse = 0;     ///< in % of accuracy
    double kendall = 0;  ///< tau-b
    std::size_t candidates = 0;
  };
  const Quality& quality() const { return quality_; }
  double lowest() const { return lowest_; }  ///< accuracy among the candidates, in %
  double highest() const { return highest_; }

 private:
  std::optional<BoostedTrees> trees_;
  std::vector<std::pair<double, double>> residuals_;  ///< of candidates left out, sorted, mean 0; sums of weights
  Quality quality_;
  double lowest_ = 0, highest_ = 0;
};

}  // namespace gensynth::simulation
