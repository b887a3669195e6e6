#include "runtime/quantisation/calibration.hpp"

#include <gmock/gmock.h>

#include "architecture/base/random.hpp"
#include "tests/architecture/failure.hpp"

namespace gensynth::quantisation {
namespace {

/// Normal values, and one far outside.
Histogram with_outlier(float outlier, bool positive) {
  Rng rng(1);
  std::vector<float> values;
  for (int i = 0; i < 100000; ++i) {
    const auto value = static_cast<float>(standard_normal(rng));
    values.push_back(positive ? std::abs(value) : value);
  }
  values.push_back(outlier);
  Histogram histogram({positive ? 0.0 : -6.0, outlier});
  histogram.add(values.data(), values.size());
  return histogram;
}

TEST(Calibration, MinmaxCoversEverything) {
  const Range range = with_outlier(50, false).clipped(Calibration::minmax);
  EXPECT_EQ(range.low, -6);
  EXPECT_EQ(range.high, 50);
}

TEST(Calibration, PercentileLeavesOneInTenThousandOut) {
  const Range range = with_outlier(50, false).clipped(Calibration::percentile);
  EXPECT_NEAR(range.low, -3.72, 0.25);  // the quantile of the normal distribution
  EXPECT_NEAR(range.high, 3.72, 0.25);
}

TEST(Calibration, EntropyClipsAnOutlier) {
  for (const bool positive : {false, true}) {
    const Range range = with_outlier(50, positive).clipped(Calibration::entropy);
    EXPECT_GT(range.high, 2);
    EXPECT_LT(range.high, 12);
    EXPECT_LE(range.low, 0);
  }
}

TEST(Calibration, EveryKindKeepsAConstantAndEvenValues) {
  for (const std::string& word : calibration_words()) {
    Histogram constant({0, 0});
    const std::vector<float> zeros(10, 0.0F);
    constant.add(zeros.data(), zeros.size());
    EXPECT_EQ(constant.clipped(calibration(word)).high, 0) << word;
    Histogram even({0, 1});
    std::vector<float> values;
    for (int i = 0; i < 100000; ++i) values.push_back(static_cast<float>(i) / 100000);
    even.add(values.data(), values.size());
    EXPECT_NEAR(even.clipped(calibration(word)).high, 1, 0.01) << word;
  }
}

TEST(Calibration, SuggestsTheNearestWord) {
  EXPECT_EQ(calibration("entropy"), Calibration::entropy);
  EXPECT_THAT(failure([] { calibration("percentil"); }), ::testing::HasSubstr("percentile"));
}

}  // namespace
}  // namespace gensynth::quantisation
