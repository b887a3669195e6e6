#pragma once

#include <memory>
#include <vector>

namespace gensynth {

struct GaussianPrediction {
  double mean = 0;
  double deviation = 0;  ///< of the function, without observation noise
};

/// Gaussian process regression (Rasmussen & Williams 2006, chapters 2 and 5): Matern-5/2 plus linear kernel on
/// standardised features; length scale, weights and noise are chosen by the marginal likelihood. Features that
/// do not vary are ignored. Deterministic.
class GaussianProcess {
 public:
  GaussianProcess();
  ~GaussianProcess();
  GaussianProcess(GaussianProcess&&) noexcept;
  GaussianProcess& operator=(GaussianProcess&&) noexcept;

  /// One row of features per target; at least two rows. Throws Error when the sizes do not agree.
  void fit(const std::vector<std::vector<double>>& features, const std::vector<double>& targets);
  bool fitted() const;
  /// Throws Error before `fit` and for a row of another length.
  GaussianPrediction predict(const std::vector<double>& features) const;
  double noise() const;  ///< standard deviation of the observation noise, in units of the target

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace gensynth
