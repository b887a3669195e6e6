#pragma once

#include <vector>

#include "runtime/accuracy/ridge.hpp"

namespace gensynth::accuracy {

/// The reference networks with a published top-1.
std::vector<AccuracySample> reference_accuracy_samples();

/// Rank correlation (tau-b) of `held_out` with `top1`.
double kendall(const std::vector<AccuracySample>& samples);

/// fit_ridge with the ridge of a grid that predicts left-out families best, by the whole of predict(): the frontier,
/// the prior and the distances too come from the other families. Fills in `held_out`. The 90 % interval is conformal:
/// the ceil(0.9 (n + 1))-th of the n held-out residuals, each divided by the growth of its interval. Distance 1 is the
/// Mahalanobis distance that 90 % of left-out networks keep within. Throws Error with fewer than three families.
AccuracyCoefficients fit_accuracy(std::vector<AccuracySample>& samples);

}  // namespace gensynth::accuracy
