#pragma once

#include <array>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "runtime/accuracy/features.hpp"

namespace gensynth::accuracy {

/// A fitted model: the logit of top-1 / 100 is linear in standardised features ("gensynth.accuracy" format, version 1).
struct AccuracyCoefficients {
  std::string name;    ///< and version of the fit
  std::string source;  ///< what it was fitted to
  double intercept = 0;
  std::array<double, kAccuracyFeatures> coefficient{};  ///< for each standard deviation
  std::array<double, kAccuracyFeatures> mean{};
  std::array<double, kAccuracyFeatures> deviation{};
  std::array<double, kAccuracyFeatures> low{};  ///< of the networks fitted
  std::array<double, kAccuracyFeatures> high{};
  /// Inverse covariance of standardised features, regularised.
  std::array<std::array<double, kAccuracyFeatures>, kAccuracyFeatures> precision{};
  double interval = 0;        ///< half width of the 90 % interval in logits, at distance 0
  double distance_limit = 0;  ///< Mahalanobis distance up to which a network is like those fitted
  double ridge = 0;
  int networks = 0;
  double cv_mae = 0;       ///< leave-one-family-out mean absolute error, in points
  double cv_kendall = 0;   ///< and rank correlation
  double cv_coverage = 0;  ///< share of networks inside their interval when their family is left out
};

/// In standard deviations. Values outside what was fitted by more than `slack` deviations are drawn in; `clamped`
/// lists the features.
AccuracyFeatures standardised(const AccuracyFeatures& features, const AccuracyCoefficients& coefficients,
                              std::vector<int>* clamped = nullptr);
double logit_top1(const AccuracyFeatures& standardised, const AccuracyCoefficients& coefficients);
double mahalanobis(const AccuracyFeatures& standardised, const AccuracyCoefficients& coefficients);
/// Growth of the interval with distance, as the variance of a linear prediction does.
double interval_growth(double distance, int networks);

AccuracyCoefficients accuracy_coefficients_from_json(const nlohmann::json& value, const std::string& source);
nlohmann::ordered_json to_json(const AccuracyCoefficients& coefficients);

}  // namespace gensynth::accuracy
