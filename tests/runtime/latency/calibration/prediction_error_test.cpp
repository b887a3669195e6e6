#include "runtime/latency/calibration/prediction_error.hpp"

#include <gtest/gtest.h>

namespace gensynth::latency::calibration {
namespace {

TEST(PredictionError, RankCorrelationsOfKnownLists) {
  EXPECT_DOUBLE_EQ(kendall({1, 2, 3, 4}, {10, 20, 30, 40}), 1);
  EXPECT_DOUBLE_EQ(kendall({1, 2, 3, 4}, {4, 3, 2, 1}), -1);
  EXPECT_NEAR(kendall({1, 2, 3, 4}, {1, 3, 2, 4}), 4.0 / 6, 1e-12);
  EXPECT_NEAR(spearman({1, 2, 3, 4}, {1, 3, 2, 4}), 0.8, 1e-12);
  EXPECT_DOUBLE_EQ(kendall({1, 1, 1}, {1, 2, 3}), 0);
  EXPECT_NEAR(correlation({1, 2, 3}, {2, 4, 6.5}), 0.9979, 1e-4);
}

TEST(PredictionError, QuantilesLieBetweenOrderStatistics) {
  EXPECT_DOUBLE_EQ(quantile({3, 1, 2}, 0.5), 2);
  EXPECT_DOUBLE_EQ(quantile({1, 2}, 0.25), 1.25);
  EXPECT_DOUBLE_EQ(quantile({1, 2, 3}, 1), 3);
}

}  // namespace
}  // namespace gensynth::latency::calibration
