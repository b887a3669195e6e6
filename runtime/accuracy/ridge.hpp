#pragma once

#include <string>
#include <vector>

#include "runtime/accuracy/coefficients.hpp"

namespace gensynth::accuracy {

struct AccuracySample {
  std::string network;
  std::string family;
  AccuracyFigures figures;
  double top1 = 0;      ///< published, in %
  double held_out = 0;  ///< predicted by a fit without its family
};

/// Ridge regression in closed form on the logit of top-1, families weighing as the square root of their size;
/// coefficients of features that grow are kept at or above zero, those of structure features at zero. Sets everything
/// that one set of networks gives: coefficients, standardisation, precision, prior and frontier.
AccuracyCoefficients fit_ridge(const std::vector<AccuracySample>& samples, double ridge);

}  // namespace gensynth::accuracy
