#include "runtime/latency/calibration/cross_validation.hpp"

#include <gmock/gmock.h>

#include <cmath>

#include "architecture/base/random.hpp"

namespace gensynth::latency::calibration {
namespace {

double normal(Rng& rng) {
  return std::sqrt(-2 * std::log(1 - uniform01(rng))) * std::cos(6.283185307179586 * uniform01(rng));
}

TEST(ConformalHalfWidth, IsARankOfTheResiduals) {
  std::vector<double> residuals;
  for (int i = 1; i <= 9; ++i) residuals.push_back(i % 2 == 0 ? 0.1 * i : -0.1 * i);
  EXPECT_NEAR(conformal_half_width(residuals), 0.9, 1e-12);  // the ninth of nine
  for (int i = 10; i <= 19; ++i) residuals.push_back(0.1 * i);
  // The 18th of 19; between order statistics, as quantile() has it.
  EXPECT_NEAR(conformal_half_width(residuals), 0.1 + 1.8 * 18 / 19, 1e-9);
}

TEST(ConformalHalfWidth, OfFewResidualsCoversNineInTen) {
  // Residuals and the next one from one normal distribution, whose width is not known.
  Rng rng(5);
  for (const int n : {1, 2, 4, 8}) {
    int covered = 0;
    constexpr int kTimes = 4000;
    for (int time = 0; time < kTimes; ++time) {
      std::vector<double> residuals;
      for (int i = 0; i < n; ++i) residuals.push_back(0.1 * normal(rng));
      covered += std::abs(0.1 * normal(rng)) <= conformal_half_width(residuals);
    }
    EXPECT_GT(covered, 0.885 * kTimes) << n;
    EXPECT_LT(covered, 0.93 * kTimes) << n;
  }
}

TEST(ConformalHalfWidth, IsNothingWithoutResiduals) { EXPECT_EQ(conformal_half_width({}), 0); }

TEST(PredictionErrors, HaveNoRanksOfFewRows) {
  std::vector<CalibratedRow> rows(2);
  rows[0].measurement.ms = 10;
  rows[1].measurement.ms = 20;
  for (CalibratedRow& row : rows) row.fitted_ms = 1.1 * row.measurement.ms;
  const latency::model::PredictionError two = prediction_error(rows, &CalibratedRow::fitted_ms);
  EXPECT_NEAR(two.mape, 10, 1e-9);
  EXPECT_FALSE(two.kendall);
  rows.push_back(rows[1]);
  rows[2].measurement.ms = 40;
  rows[2].fitted_ms = 41;
  EXPECT_EQ(prediction_error(rows, &CalibratedRow::fitted_ms).kendall.value(), 1);
}

}  // namespace
}  // namespace gensynth::latency::calibration
