#pragma once

#include <vector>

namespace gensynth::latency::calibration {

/// Measures of agreement between two lists of equal length; 0 where one of them is constant.
double correlation(const std::vector<double>& a, const std::vector<double>& b);  ///< Pearson
double spearman(const std::vector<double>& a, const std::vector<double>& b);
double kendall(const std::vector<double>& a, const std::vector<double>& b);  ///< tau-b

/// The q-quantile, q in [0, 1], linear between order statistics; 0 for an empty list.
double quantile(std::vector<double> values, double q);

}  // namespace gensynth::latency::calibration
