#pragma once

#include <memory>
#include <vector>

#include "inquisitor/features/description.hpp"

namespace gensynth::surrogate {

struct GaussianPrediction {
  double mean = 0;
  double deviation = 0;  ///< of the function, without observation noise
};

/// What is believed of several candidates together.
struct JointPrediction {
  std::vector<double> mean;
  std::vector<double> covariance;  ///< of the function, without observation noise; row by row
};

/// Gaussian process regression (Rasmussen and Williams 2006, chapters 2 and 5). The covariance is a weighted sum of
/// what descriptions have in common: Matern-5/2 over standardised values, overlap of motifs (sum of minima over sum of
/// maxima, mean over the radii), and exponential decay in the decisions that differ. Weights, length scales and noise
/// maximise the marginal likelihood under log-normal priors, by Rprop on its gradient. Values that do not vary are
/// ignored. Deterministic.
class GaussianProcess {
 public:
  GaussianProcess();
  ~GaussianProcess();
  GaussianProcess(GaussianProcess&&) noexcept;
  GaussianProcess& operator=(GaussianProcess&&) noexcept;

  /// Candidates without a target, typical of the space: values are standardised over these and the rows together, so
  /// that a few alike rows do not make small differences look large.
  void set_reference(std::vector<std::vector<double>> values);
  /// One description per target; at least two. `steps` of the search for parameters, which goes on from where the
  /// last one ended; 0 keeps them. Throws Error when the sizes do not agree.
  void fit(const std::vector<const features::Description*>& rows, const std::vector<double>& targets, int steps = 40);
  bool fitted() const;
  /// Throws Error before `fit` and for values of another number. Runs on the TBB pool.
  std::vector<GaussianPrediction> predict(const std::vector<const features::Description*>& candidates) const;
  /// The same means, and how the errors of the candidates go together: what a difference between them is worth.
  JointPrediction predict_jointly(const std::vector<const features::Description*>& candidates) const;
  /// The expected function at the rows, in their order.
  std::vector<double> smoothed() const;
  double noise() const;  ///< standard deviation of the observation noise, in units of the target

  /// Logarithms of the covariance's parameters: all that a fit with `steps` 0 needs besides rows and targets.
  std::vector<double> parameters() const;
  void set_parameters(const std::vector<double>& parameters);  ///< throws Error for another number of them

 private:
  void check_candidates(const std::vector<const features::Description*>& candidates) const;

  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// How long to search for parameters when they were last searched for with so many rows (0: never), and there are so
/// many now: not at all before the rows have grown by a tenth.
int steps_of_search(std::size_t searched_with, std::size_t rows);

}  // namespace gensynth::surrogate
