#pragma once

#include <array>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "runtime/accuracy/features.hpp"

namespace gensynth::accuracy {

/// A fitted model: the logit of top-1 / 100 is linear in standardised features ("gensynth.accuracy" format, version 1).
struct AccuracyCoefficients {
  std::string name;    ///< of the fit, with its version
  std::string source;  ///< the data of the fit
  double intercept = 0;
  std::array<double, kAccuracyFeatures> coefficient{};  ///< for each standard deviation
  std::array<double, kAccuracyFeatures> mean{};
  std::array<double, kAccuracyFeatures> deviation{};
  std::array<double, kAccuracyFeatures> low{};  ///< of the fitted networks
  std::array<double, kAccuracyFeatures> high{};
  /// Inverse covariance of standardised features, regularised.
  std::array<std::array<double, kAccuracyFeatures>, kAccuracyFeatures> precision{};
  double interval = 0;        ///< half width of the 90 % interval in logits, at distance 0
  double distance_limit = 0;  ///< Mahalanobis distance up to which a network counts as similar to the fitted ones
  double ridge = 0;
  int networks = 0;
  double cv_mae = 0;       ///< leave-one-family-out mean absolute error, in points
  double cv_kendall = 0;   ///< and rank correlation
  double cv_coverage = 0;  ///< share of networks inside their interval when their family is left out of the fit
};

/// Features in standard deviations. Values outside the fitted range by more than `slack` deviations are clamped;
/// `clamped` lists those features.
AccuracyFeatures standardised(const AccuracyFeatures& features, const AccuracyCoefficients& coefficients,
                              std::vector<int>* clamped = nullptr);
double logit_top1(const AccuracyFeatures& standardised, const AccuracyCoefficients& coefficients);
double mahalanobis(const AccuracyFeatures& standardised, const AccuracyCoefficients& coefficients);
/// The factor by which the interval grows with distance, like the deviation of a linear prediction.
double interval_growth(double distance, int networks);

AccuracyCoefficients accuracy_coefficients_from_json(const nlohmann::json& value, const std::string& source);
nlohmann::ordered_json to_json(const AccuracyCoefficients& coefficients);

}  // namespace gensynth::accuracy
