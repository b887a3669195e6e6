#pragma once

#include <vector>

namespace gensynth {

double mean(const std::vector<double>& values);  ///< 0 without values
/// Linear interpolation between order statistics; q in [0, 1]. 0 without values. Values may be infinite.
double quantile(std::vector<double> values, double q);
double median(std::vector<double> values);  ///< quantile 0.5
/// Standard deviation of the mean of independent values; 0 for fewer than two.
double standard_error(const std::vector<double>& values);

/// Quantile of Student's t distribution; probability in (0, 1), degrees of freedom above 0.
double student_t_quantile(double probability, double degrees);
/// A mean and half the width of its two-sided 95 % confidence interval (Student's t).
struct MeanInterval {
  double mean = 0;
  double half = 0;  ///< 0 for fewer than two values
};
MeanInterval mean_interval(const std::vector<double>& values);  ///< of independent values

/// Correlations of two lists of equal length; 0 where one of them is constant.
double pearson_correlation(const std::vector<double>& a, const std::vector<double>& b);
double spearman_correlation(const std::vector<double>& a, const std::vector<double>& b);  ///< ties have their mean rank
/// Kendall's tau-b (Kendall 1945): (concordant - discordant pairs) / sqrt(pairs not tied in a * pairs not tied in b).
double kendall_tau_b(const std::vector<double>& a, const std::vector<double>& b);

}  // namespace gensynth
