#include "architecture/base/statistics.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace gensynth {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(Statistics, MeanAndStandardErrorByHand) {
  EXPECT_EQ(mean({}), 0);
  EXPECT_EQ(mean({2, 4, 9}), 5);
  EXPECT_DOUBLE_EQ(standard_error({1, 2, 3, 4, 5}), std::sqrt(2.5 / 5)) << "variance 2.5 of five values";
  EXPECT_EQ(standard_error({7}), 0);
  EXPECT_EQ(standard_error({}), 0);
}

TEST(Statistics, QuantilesInterpolateBetweenOrderStatistics) {
  EXPECT_EQ(quantile({}, 0.5), 0);
  EXPECT_DOUBLE_EQ(quantile({1, 2}, 0.25), 1.25);
  EXPECT_DOUBLE_EQ(quantile({3, 1, 2}, 0), 1);
  EXPECT_DOUBLE_EQ(quantile({3, 1, 2}, 1), 3);
  EXPECT_DOUBLE_EQ(median({3, 1, 2}), 2);
  EXPECT_DOUBLE_EQ(median({4, 1, 2, 3}), 2.5);
}

TEST(Statistics, QuantilesOfInfiniteValues) {
  EXPECT_EQ(quantile({1, 2, kInfinity}, 0.5), 2) << "an exact rank does not touch the next value";
  EXPECT_EQ(quantile({1, 2, kInfinity}, 0.75), kInfinity);
  EXPECT_EQ(quantile({1, kInfinity, kInfinity}, 0.75), kInfinity);
}

TEST(Statistics, StudentsTOfTables) {
  EXPECT_NEAR(student_t_quantile(0.975, 1), 12.7062, 1e-4);
  EXPECT_NEAR(student_t_quantile(0.975, 4), 2.7764, 1e-4);
  EXPECT_NEAR(student_t_quantile(0.95, 29), 1.6991, 1e-4);
  const MeanInterval interval = mean_interval({1, 2, 3, 4, 5});
  EXPECT_DOUBLE_EQ(interval.mean, 3);
  EXPECT_NEAR(interval.half, 2.7764 * std::sqrt(0.5), 1e-4);
  EXPECT_EQ(mean_interval({7}).mean, 7);
  EXPECT_EQ(mean_interval({7}).half, 0);
  EXPECT_EQ(mean_interval({}).mean, 0);
}

TEST(Statistics, CorrelationsWithoutTies) {
  EXPECT_NEAR(pearson_correlation({1, 2, 3}, {2, 4, 6.5}), 4.5 / std::sqrt(2 * 10.1666666666667), 1e-12);
  EXPECT_NEAR(spearman_correlation({1, 2, 3, 4}, {1, 3, 2, 4}), 0.8, 1e-12) << "1 - 6 * 2 / (4 * 15)";
  EXPECT_DOUBLE_EQ(kendall_tau_b({1, 2, 3, 4}, {10, 20, 30, 40}), 1);
  EXPECT_DOUBLE_EQ(kendall_tau_b({1, 2, 3, 4}, {4, 3, 2, 1}), -1);
  EXPECT_NEAR(kendall_tau_b({1, 2, 3, 4}, {1, 3, 2, 4}), 4.0 / 6, 1e-12) << "5 concordant pairs, 1 discordant";
}

TEST(Statistics, CorrelationsWithTies) {
  // Pairs (i, j): 12 tied in a, 13 concordant, 14 concordant, 23 concordant, 24 concordant, 34 tied in b.
  EXPECT_NEAR(kendall_tau_b({1, 1, 2, 3}, {1, 2, 5, 5}), 4 / std::sqrt(5.0 * 5.0), 1e-12);
  // 12 tied in both, 13 and 23 concordant.
  EXPECT_DOUBLE_EQ(kendall_tau_b({1, 1, 2}, {3, 3, 4}), 1);
  // 12 discordant, 13 tied in b, 23 concordant.
  EXPECT_DOUBLE_EQ(kendall_tau_b({1, 2, 3}, {2, 1, 2}), 0);
  EXPECT_NEAR(spearman_correlation({1, 1, 2}, {1, 2, 3}), std::sqrt(0.75), 1e-12) << "ranks 0.5, 0.5, 2 and 0, 1, 2";
}

/// On these seven pairs three definitions differ: 16 pairs are concordant and none is discordant, 2 are tied in `a` and
/// 3 in `b`. Goodman and Kruskal's gamma is 16/16, Somers' d is 16/19.
TEST(Statistics, KendallIsTauBAndNotGammaOrSomersD) {
  const std::vector<double> a{1, 1, 2, 2, 3, 4, 5}, b{1, 2, 3, 4, 5, 5, 5};
  EXPECT_NEAR(kendall_tau_b(a, b), 16 / std::sqrt(19.0 * 18.0), 1e-12) << "0.865";
  EXPECT_NEAR(kendall_tau_b(b, a), kendall_tau_b(a, b), 1e-15) << "symmetric, unlike Somers' d";
}

TEST(Statistics, ConstantListsDoNotCorrelate) {
  EXPECT_EQ(pearson_correlation({1, 1, 1}, {1, 2, 3}), 0);
  EXPECT_EQ(spearman_correlation({1, 2, 3}, {5, 5, 5}), 0);
  EXPECT_EQ(kendall_tau_b({1, 1, 1}, {1, 2, 3}), 0);
  EXPECT_EQ(kendall_tau_b({}, {}), 0);
}

}  // namespace
}  // namespace gensynth
