#pragma once

#include <vector>

#include "inquisitor/assessment/pareto_front.hpp"
#include "inquisitor/surrogate/candidate_models.hpp"

namespace gensynth::surrogate {

/// Factor by which the models' standard deviations are multiplied after `since_best` observations without a new best:
/// 1 for the first ten, then rising linearly by 1 per 20 observations, at most 4. A model that keeps promising
/// improvements that do not come is overconfident.
double uncertainty_inflation(std::size_t since_best);

/// Expected U, in dB, of a candidate that its assessment does not reject. The probability of feasibility multiplies the
/// performance whose logarithm U is, so that it enters as 20 log10(probability).
double expected_value(const CandidatePrediction& prediction);

/// Values candidates by what their evaluation is expected to add to the feasible observations.
class Acquisition {
 public:
  void observe(const Observation& observation);
  /// Sets `acquisition` and `expected_hypervolume_improvement` of each prediction. Acquisition is the expected
  /// improvement of U times `feasibility` (of an exact U: the improvement itself, which may be negative, less 20 dB for
  /// each power of ten of `feasibility`); `feasibility` alone as long as constraints are modelled and no feasible
  /// observation has a modelled accuracy; and a large negative number, the smaller the farther from feasible, for a
  /// candidate that its assessment rejects. The hypervolume reaches to the slowest and to the least accurate feasible
  /// observation.
  void evaluate(std::vector<CandidatePrediction>& predictions, const CandidateModels& models, double inflation) const;

 private:
  double hypervolume_improvement(const CandidatePrediction& prediction, const TargetTransform& transform,
                                 double inflation) const;

  assessment::ParetoFront front_;  // of feasible observations
  double slowest_ms_ = 0;
  double lowest_accuracy_ = 100;  // in %
};

}  // namespace gensynth::surrogate
