#pragma once

#include <array>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "runtime/accuracy/features.hpp"

namespace gensynth::accuracy {

/// A network whose measured accuracy was published; params and macs counted as in AccuracyFigures.
struct PublishedNetwork {
  std::string name;
  double params = 0;
  double macs = 0;
  double top1 = 0;  ///< in %
};

/// A fitted model: the logit of top-1 / 100 is linear in standardised features ("gensynth.accuracy" format, version 2).
struct AccuracyCoefficients {
  std::string name;    ///< and version of the fit
  std::string source;  ///< what it was fitted to
  double intercept = 0;
  std::array<double, kAccuracyFeatures> coefficient{};  ///< for each standard deviation; 0 for structure features
  std::array<double, kAccuracyFeatures> mean{};
  std::array<double, kAccuracyFeatures> deviation{};
  std::array<double, kAccuracyFeatures> low{};  ///< of the networks fitted
  std::array<double, kAccuracyFeatures> high{};
  /// Inverse covariance of standardised features, regularised.
  std::array<std::array<double, kAccuracyFeatures>, kAccuracyFeatures> precision{};
  double prior = 0;           ///< mean logit of the networks fitted: what a network unlike all of them is judged as
  double interval = 0;        ///< half width of the 90 % interval in logits, at distance 0
  double distance_limit = 1;  ///< Mahalanobis distance that counts as distance 1
  /// Those that no other one surpasses with as few parameters and MACs; best first.
  std::vector<PublishedNetwork> frontier;
  double ridge = 0;
  int networks = 0;
  double cv_mae = 0;       ///< leave-one-family-out mean absolute error, in points
  double cv_kendall = 0;   ///< and rank correlation (tau-b)
  double cv_coverage = 0;  ///< share of networks inside their interval when their family is left out
};

/// Reduces a list to the frontier.
std::vector<PublishedNetwork> frontier_of(std::vector<PublishedNetwork> networks);

AccuracyCoefficients accuracy_coefficients_from_json(const nlohmann::json& value, const std::string& source);
nlohmann::ordered_json to_json(const AccuracyCoefficients& coefficients);

}  // namespace gensynth::accuracy
