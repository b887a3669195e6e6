#pragma once

#include <string>
#include <vector>

#include "runtime/accuracy/coefficients.hpp"

namespace gensynth::accuracy {

struct AccuracySample {
  std::string network;
  std::string family;
  AccuracyFeatures features{};
  double top1 = 0;      ///< published, in %
  double held_out = 0;  ///< prediction of a fit without the network's family
};

/// The reference networks with a published top-1.
std::vector<AccuracySample> reference_accuracy_samples();

/// Ridge regression in closed form on the logit of top-1. The weight of a family is the square root of its size.
/// Coefficients of features that must not lower the prediction are kept at or above zero. The ridge is the value of a
/// grid with the best predictions for families left out. Fills in `held_out`. The 90 % interval comes from the held-out
/// residuals (conformal: the ceil(0.9 (n + 1))-th of n). Throws Error with fewer than three families.
AccuracyCoefficients fit_accuracy(std::vector<AccuracySample>& samples);

}  // namespace gensynth::accuracy
