#pragma once

#include <string>
#include <vector>

#include "runtime/accuracy/coefficients.hpp"

namespace gensynth::accuracy {

double logit(double percent);
double percent(double logit);

struct Prediction {
  double top1 = 0;  ///< %
  double low = 0;   ///< 90 % interval
  double high = 0;
  double distance = 0;  ///< from the networks fitted: up to 1 a network is like them
};

/// Mahalanobis distance of a network from the mean of those fitted.
double mahalanobis(const AccuracyFeatures& features, const AccuracyCoefficients& coefficients);

/// The linear model, then what keeps it honest:
/// - the distance is the largest of several, each 1 where a network stops being like those fitted: the Mahalanobis
///   distance, a single feature outside the range fitted, fewer parameters or MACs than any published network, 1.5
///   points above the best published network of nearly the same parameters and MACs or fewer;
/// - farther away than 1, a prediction above the prior falls towards it, unless the network is only larger than those
///   fitted; one below the prior stays, since being unusual recommends no network;
/// - the interval grows with the distance without bound.
/// A constant output is predicted as chance. `notes` gets a line for each reason to be out of distribution.
Prediction predict(const AccuracyFigures& figures, const AccuracyCoefficients& coefficients,
                   std::vector<std::string>* notes = nullptr);

/// The effect of one figure on a prediction.
struct Contribution {
  std::string feature;  ///< AccuracyFeatureInfo::name
  std::string meaning;
  double value = 0;    ///< of the network
  double average = 0;  ///< of the networks fitted
  /// Points of top-1 that the linear model would lose if the figure were the average; negative if it would gain.
  double points = 0;
};

/// The figures that the linear model uses, largest effect first. Empty for a constant output. The effects do not add
/// up, since top-1 is not linear in them, and they hold only where the network is in distribution.
std::vector<Contribution> contributions(const AccuracyFigures& figures, const AccuracyCoefficients& coefficients);

/// By how much the interval is wider at a distance than at 0.
double interval_growth(double distance);

}  // namespace gensynth::accuracy
