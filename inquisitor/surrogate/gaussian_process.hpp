#pragma once

#include <memory>
#include <vector>

#include "inquisitor/features/description.hpp"

namespace gensynth::surrogate {

struct GaussianPrediction {
  double mean = 0;
  double deviation = 0;  ///< standard deviation, without observation noise
};

/// Joint prediction of several candidates.
struct JointPrediction {
  std::vector<double> mean;
  std::vector<double> covariance;  ///< without observation noise; row-major
};

/// Gaussian process regression (Rasmussen and Williams 2006, chapters 2 and 5). The covariance is a weighted sum
/// over parts of the description: Matern-5/2 over standardised values, overlap of motifs (sum of minima over sum of
/// maxima, mean over the radii), and exponential decay in the decisions that differ. Weights, length scales and noise
/// maximise the marginal likelihood under log-normal priors, by Rprop on its gradient. Values that do not vary are
/// ignored. Deterministic.
class GaussianProcess {
 public:
  GaussianProcess();
  ~GaussianProcess();
  GaussianProcess(GaussianProcess&&) noexcept;
  GaussianProcess& operator=(GaussianProcess&&) noexcept;

  /// Values of typical candidates without targets. Values are standardised over these and the rows together, so that
  /// small differences among a few similar rows are not amplified.
  void set_reference(std::vector<std::vector<double>> values);
  /// Needs one description per target and at least two. Takes `steps` optimisation steps from the last parameters; 0
  /// keeps them. Throws Error when the sizes do not agree.
  void fit(const std::vector<const features::Description*>& rows, const std::vector<double>& targets, int steps = 40);
  /// Adds rows behind those it was fitted to, with the targets of all. Parameters and standardisation stay. Takes time
  /// quadratic in the rows for each row added, and gives exactly the same however the rows are divided among calls.
  /// Throws Error before `fit` and when the sizes do not agree.
  void extend(const std::vector<const features::Description*>& rows, const std::vector<double>& targets);
  bool fitted() const;
  /// Throws Error before `fit` and for another number of values. Runs on the TBB pool.
  std::vector<GaussianPrediction> predict(const std::vector<const features::Description*>& candidates) const;
  /// The same means with the covariance of their errors, as needed for differences between candidates.
  JointPrediction predict_jointly(const std::vector<const features::Description*>& candidates) const;
  /// The expected function at the rows, in their order.
  std::vector<double> smoothed() const;
  double noise() const;  ///< standard deviation of the observation noise, in units of the target

  /// Logarithms of the covariance's parameters; with rows and targets, all that a fit with `steps` 0 depends on.
  std::vector<double> parameters() const;
  void set_parameters(const std::vector<double>& parameters);  ///< throws Error for another number of them

 private:
  void check_candidates(const std::vector<const features::Description*>& candidates) const;

  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Optimisation steps of a fit to `rows` rows when the parameters were last optimised with `searched_with` rows (0:
/// never): 0 until the number of rows has grown by a tenth.
int steps_of_search(std::size_t searched_with, std::size_t rows);

}  // namespace gensynth::surrogate
