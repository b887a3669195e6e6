#pragma once

#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "inquisitor/surrogate/gaussian_process.hpp"

namespace gensynth::surrogate {

/// A monotone transform of targets that keeps differences among good candidates visible to a surrogate: linear above
/// the best one, logarithmic far below it, where a few failures would otherwise dominate the variance.
class TargetTransform {
 public:
  TargetTransform() = default;
  explicit TargetTransform(const std::vector<double>& targets);
  double operator()(double target) const;
  double inverse(double transformed) const;
  double slope(double transformed) const;  ///< of the inverse

 private:
  double best_ = 0;
  double scale_ = 1;
};

/// A Gaussian process of log10(accuracy) in transformed units (TargetTransform), for candidates that were not trained.
class AccuracySurrogate {
 public:
  /// Hyperparameters are optimised again when the number of rows has grown by a tenth since they last were
  /// (steps_of_search). In between, values are standardised over the first `base` rows (0: those of the last
  /// optimisation), and further rows extend the fit. `identities` says which rows are the same as those of an earlier
  /// call, so that only the others cost time; the result does not depend on it. Throws Error when sizes do not agree.
  void fit(const std::vector<const features::Description*>& rows, const std::vector<double>& log_accuracies,
           const std::vector<std::size_t>& identities = {}, std::size_t base = 0);
  bool fitted() const { return process_.fitted(); }
  void set_reference(std::vector<std::vector<double>> values) { process_.set_reference(std::move(values)); }
  std::vector<GaussianPrediction> predict(const std::vector<const features::Description*>& candidates) const {
    return process_.predict(candidates);
  }
  /// In transformed units.
  JointPrediction predict_jointly(const std::vector<const features::Description*>& candidates) const {
    return process_.predict_jointly(candidates);
  }
  /// Expected log10(accuracy) of the rows themselves, without the noise of their measurements.
  std::vector<double> smoothed() const;
  const TargetTransform& transform() const { return transform_; }

  nlohmann::json state() const;  ///< with the rows and targets, all that predictions depend on
  void restore(const nlohmann::json& state);

 private:
  GaussianProcess process_;
  TargetTransform transform_;
  std::size_t searched_with_ = 0;  ///< number of rows when hyperparameters were last optimised
  std::vector<std::size_t> held_;  ///< identities of the rows that the process was fitted to
  std::size_t held_base_ = 0;      ///< of these, the rows of `GaussianProcess::fit`
};

}  // namespace gensynth::surrogate
