#include "inquisitor/assessment/expected_improvement.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace gensynth::assessment {
namespace {

TEST(ExpectedImprovement, ByHand) {
  EXPECT_DOUBLE_EQ(expected_improvement(5, 0, 3), 2) << "certain";
  EXPECT_DOUBLE_EQ(expected_improvement(3, 0, 5), 0);
  EXPECT_NEAR(expected_improvement(4, 2, 4), 2 / std::sqrt(2 * std::numbers::pi), 1e-12) << "a half-normal mean";
  EXPECT_NEAR(expected_improvement(100, 1, 0), 100, 1e-9);
}

TEST(ExpectedImprovement, AgreesWithNumericalIntegration) {
  for (const double best : {-2.0, 0.3, 1.5, 4.0}) {
    double sum = 0;
    constexpr double kStep = 1e-3;
    for (double z = -9; z < 9; z += kStep) {
      const double density = std::exp(-0.5 * z * z) / std::sqrt(2 * std::numbers::pi);
      sum += kStep * density * std::max(0.0, 1 + 0.7 * z - best);
    }
    EXPECT_NEAR(expected_improvement(1, 0.7, best), sum, 1e-5) << best;
  }
}

TEST(ExpectedImprovement, StaysPositiveAndFallsFarBelowTheBest) {
  double last = expected_improvement(0, 1, 0);
  for (double best = 0.5; best < 20; best += 0.5) {
    const double now = expected_improvement(0, 1, best);
    EXPECT_GT(now, 0) << best;
    EXPECT_LT(now, last) << best;
    last = now;
  }
}

}  // namespace
}  // namespace gensynth::assessment
