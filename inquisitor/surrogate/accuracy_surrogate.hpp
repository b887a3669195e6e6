#pragma once

#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "inquisitor/surrogate/gaussian_process.hpp"

namespace gensynth::surrogate {

/// A monotone change of targets that lets a surrogate see differences among good candidates: linear from the best one
/// up, logarithmic far below it, where a few failures would else dwarf all that matters.
class TargetTransform {
 public:
  TargetTransform() = default;
  explicit TargetTransform(const std::vector<double>& targets);
  double operator()(double target) const;
  double inverse(double warped) const;
  double slope(double warped) const;  ///< of the inverse

 private:
  double best_ = 0;
  double scale_ = 1;
};

/// What is believed of log10(accuracy) of candidates that were not trained, in warped units and with their meaning.
class AccuracySurrogate {
 public:
  /// The first so many rows must be the same as in the last call or the parameters are searched for anew on schedule:
  /// when the rows are a tenth more than they were. Throws Error when sizes do not agree.
  void learn(const std::vector<const features::Description*>& rows, const std::vector<double>& log_accuracies);
  bool fitted() const { return process_.fitted(); }
  void set_reference(std::vector<std::vector<double>> values) { process_.set_reference(std::move(values)); }
  std::vector<GaussianPrediction> predict(const std::vector<const features::Description*>& candidates) const {
    return process_.predict(candidates);
  }
  /// In warped units.
  JointPrediction predict_jointly(const std::vector<const features::Description*>& candidates) const {
    return process_.predict_jointly(candidates);
  }
  /// Expected log10(accuracy) of the rows themselves: what they measured, less what was noise.
  std::vector<double> smoothed() const;
  const TargetTransform& warp() const { return warp_; }

  nlohmann::json state() const;  ///< with the rows and targets all that the beliefs depend on
  void restore(const nlohmann::json& state);

 private:
  GaussianProcess process_;
  TargetTransform warp_;
  std::size_t searched_with_ = 0;  ///< rows, when its parameters were last searched for
};

}  // namespace gensynth::surrogate
