#include "runtime/accuracy/prediction.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace gensynth::accuracy {
namespace {

/// Standard normal features, 80 % at the mean of log_params, one logit for each of its deviations.
AccuracyCoefficients coefficients() {
  AccuracyCoefficients c;
  c.intercept = logit(80);
  c.prior = logit(70);
  c.coefficient[0] = 1;
  c.deviation.fill(1);
  c.low.fill(-2);
  c.high.fill(2);
  for (std::size_t i = 0; i < kAccuracyFeatures; ++i) c.precision[i][i] = 1;
  c.interval = 0.2;
  c.distance_limit = 3;
  c.frontier = {{"large", 1e7, 1e9, 82}, {"small", 1e6, 1e8, 60}};
  return c;
}

AccuracyFigures figures(double log_params, double structure = 0, double params = 1e7, double macs = 1e9) {
  AccuracyFigures f;
  f.features[0] = log_params;
  f.features[12] = structure;
  f.params = params;
  f.macs = macs;
  return f;
}

TEST(Prediction, IsTheLinearModelNearTheNetworksFitted) {
  const Prediction p = predict(figures(-0.5), coefficients());
  EXPECT_NEAR(p.top1, percent(logit(80) - 0.5), 1e-9);
  EXPECT_LT(p.distance, 1);
  EXPECT_NEAR(logit(p.high) - logit(p.top1), 0.2 * interval_growth(p.distance), 1e-9);
}

TEST(Prediction, BetterThanAllPublishedNetworksOfTheSizeIsOutOfDistribution) {
  const double just_above = logit(61.4) - logit(80);
  EXPECT_NEAR(predict(figures(0, 0, 5e6, 5e8), coefficients()).distance, 20 / 1.5, 1e-9);  // 80 %; 60 % is the best
  EXPECT_NEAR(predict(figures(just_above, 0, 5e6, 5e8), coefficients()).distance, 1.4 / 1.5, 1e-9);
  EXPECT_LT(predict(figures(0, 0, 0.9e7, 0.9e9), coefficients()).distance, 1);
}

TEST(Prediction, SmallerThanAllPublishedNetworksIsOutOfDistribution) {
  EXPECT_LT(predict(figures(-1, 0, 1e6, 1e8), coefficients()).distance, 1);
  EXPECT_GT(predict(figures(-1, 0, 0.5e6, 1e8), coefficients()).distance, 1);
  EXPECT_GT(predict(figures(-1, 0, 1e6, 0.5e8), coefficients()).distance, 1);
}

TEST(Prediction, FallsTowardsThePriorAndWidensOutside) {
  Prediction before = predict(figures(0, 3), coefficients());
  EXPECT_NEAR(before.distance, 1, 1e-9);
  EXPECT_NEAR(before.top1, 80, 1e-9);
  for (const double structure : {5.0, 20.0, 100.0}) {
    const Prediction now = predict(figures(0, structure), coefficients());
    EXPECT_GT(now.distance, before.distance);
    EXPECT_LT(now.top1, before.top1);
    EXPECT_GT(now.top1, 70);
    EXPECT_LT(now.low, before.low);
    EXPECT_GT(logit(now.high) - logit(now.low), logit(before.high) - logit(before.low));
    before = now;
  }
  EXPECT_LT(before.low, 5);
  EXPECT_GT(before.high, 95);
  EXPECT_NEAR(predict(figures(-1.5, 100), coefficients()).top1, percent(logit(80) - 1.5), 1e-9);  // never rises to it
}

TEST(Prediction, LargerThanAllFittedIsNoLess) {
  double before = 0;
  for (const double size : {0.0, 1.0, 2.0, 3.0, 5.0, 9.0}) {
    AccuracyCoefficients c = coefficients();
    c.frontier[0].top1 = 97;
    const Prediction now = predict(figures(size), c);
    EXPECT_GE(now.top1, before);
    before = now.top1;
  }
  EXPECT_GT(predict(figures(9), coefficients()).distance, 1);
}

TEST(Prediction, NotesSayWhatIsUnlike) {
  std::vector<std::string> notes;
  predict(figures(0, 20), coefficients(), &notes);
  ASSERT_EQ(notes.size(), 1U);
  EXPECT_NE(notes[0].find("path"), std::string::npos) << notes[0];
}

}  // namespace
}  // namespace gensynth::accuracy
