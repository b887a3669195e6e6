#pragma once

#include <optional>
#include <vector>

#include "architecture/architecture.hpp"
#include "search/simulation/boosted_trees.hpp"
#include "search/simulation/trained_candidates.hpp"

namespace gensynth::simulation {

/// A stand-in for training: what a candidate's accuracy would be, learnt from candidates that were trained, and how
/// far single trainings lie from it. Boosted trees over features of the graph: another class of model than the
/// inquisitor's Gaussian process. Between and near its candidates it can be believed; beyond them it is flat.
class SurrogateObjective {
 public:
  /// Throws Error when there are fewer than kFewest candidates.
  explicit SurrogateObjective(const TrainedCandidates& trained);
  static constexpr std::size_t kFewest = 50;

  /// Without noise, in %.
  double expected(const Architecture& architecture) const;
  /// What one training would measure, in %: the expectation and a residual drawn by `draw`, which names the training.
  double measured(double expected, std::uint64_t draw) const;

  /// By candidates left out of the fit, in tenths; equal networks are left out together.
  struct Quality {
    double r2 = 0;
    double rmse = 0;  ///< in % of accuracy
    double kendall = 0;
    std::size_t candidates = 0;
  };
  const Quality& quality() const { return quality_; }
  double lowest() const { return lowest_; }  ///< accuracy among the candidates, in %
  double highest() const { return highest_; }

 private:
  std::optional<BoostedTrees> trees_;
  std::vector<double> residuals_;  ///< of candidates left out, sorted, mean 0
  Quality quality_;
  double lowest_ = 0, highest_ = 0;
};

}  // namespace gensynth::simulation
