#include "runtime/accuracy/fit.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "architecture/base/error.hpp"
#include "architecture/base/json_reader.hpp"
#include "architecture/base/random.hpp"

namespace gensynth::accuracy {
namespace {

/// Networks whose logit is linear in the first two features, in families that lie apart.
std::vector<AccuracySample> synthetic(double first, double second) {
  Rng rng(1);
  std::vector<AccuracySample> samples;
  for (int family = 0; family < 8; ++family) {
    for (int i = 0; i < 6; ++i) {
      AccuracySample s;
      s.network = std::to_string(family) + "-" + std::to_string(i);
      s.family = std::to_string(family);
      for (double& f : s.figures.features) f = standard_normal(rng);
      s.figures.params = s.figures.macs = 1e6;
      const AccuracyFeatures& f = s.figures.features;
      const double logit = 1 + first * f[0] + second * f[1] + 0.01 * standard_normal(rng);
      s.top1 = 100 / (1 + std::exp(-logit));
      samples.push_back(s);
    }
  }
  return samples;
}

TEST(FitAccuracy, RecoversALinearLaw) {
  std::vector<AccuracySample> samples = synthetic(0.4, 0.2);
  const AccuracyCoefficients c = fit_accuracy(samples);
  EXPECT_NEAR(c.coefficient[0] / c.deviation[0], 0.4, 0.02);
  EXPECT_NEAR(c.coefficient[1] / c.deviation[1], 0.2, 0.02);
  EXPECT_LT(c.cv_mae, 0.6);
  EXPECT_GT(c.cv_kendall, 0.95);
  EXPECT_GE(c.cv_coverage, 0.9);
}

TEST(FitAccuracy, KeepsWhatMustGrowAtOrAboveZero) {
  std::vector<AccuracySample> samples = synthetic(-0.4, 0.2);
  const AccuracyCoefficients c = fit_accuracy(samples);
  EXPECT_EQ(c.coefficient[0], 0);
  EXPECT_GT(c.coefficient[1], 0);
}

TEST(FitAccuracy, HeldOutPredictionsDoNotSeeTheirFamily) {
  std::vector<AccuracySample> samples = synthetic(0.4, 0.2);
  const double ridge = fit_accuracy(samples).ridge;
  std::vector<AccuracySample> changed = synthetic(0.4, 0.2);
  for (AccuracySample& s : changed) {
    if (s.family == "0") s.top1 *= 0.99;
  }
  ASSERT_EQ(fit_accuracy(changed).ridge, ridge);
  EXPECT_NEAR(changed.front().held_out, samples.front().held_out, 1e-9);
  EXPECT_NE(changed.back().held_out, samples.back().held_out);
}

TEST(FitAccuracy, WantsFamilies) {
  std::vector<AccuracySample> samples = synthetic(0.4, 0.2);
  for (AccuracySample& s : samples) s.family = "one";
  EXPECT_THROW(fit_accuracy(samples), Error);
}

TEST(FitAccuracy, TheShippedCoefficientsAreWhatTheToolMakes) {
  std::vector<AccuracySample> samples = reference_accuracy_samples();
  const AccuracyCoefficients made = fit_accuracy(samples);
  const std::string path = std::string(GENSYNTH_SOURCE_DIR) + "/runtime/accuracy/top1.json";
  const AccuracyCoefficients shipped = accuracy_coefficients_from_json(read_json_file(path), path);
  EXPECT_EQ(made.source, shipped.source);
  EXPECT_NEAR(made.intercept, shipped.intercept, 1e-6);
  EXPECT_NEAR(made.interval, shipped.interval, 1e-6);
  for (std::size_t i = 0; i < kAccuracyFeatures; ++i) {
    EXPECT_NEAR(made.coefficient[i], shipped.coefficient[i], 1e-6) << accuracy_feature_infos()[i].name;
  }
  EXPECT_NEAR(made.prior, shipped.prior, 1e-6);
  EXPECT_NEAR(made.distance_limit, shipped.distance_limit, 1e-6);
  EXPECT_EQ(made.frontier.size(), shipped.frontier.size());
  EXPECT_LT(made.cv_mae, 1.2);
  EXPECT_GT(made.cv_kendall, 0.85);
  EXPECT_GE(made.cv_coverage, 0.85);
  EXPECT_LE(made.cv_coverage, 0.95);
}

TEST(FitAccuracy, CoefficientsSurviveJsonAndNameMistakes) {
  std::vector<AccuracySample> samples = synthetic(0.4, 0.2);
  nlohmann::json json = nlohmann::json::parse(to_json(fit_accuracy(samples)).dump());
  EXPECT_EQ(nlohmann::json::parse(to_json(accuracy_coefficients_from_json(json, "c.json")).dump()), json);
  json["features"]["log_params"]["coefficient"] = -1;
  try {
    accuracy_coefficients_from_json(json, "c.json");
    FAIL() << "a falling coefficient was accepted";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("/features/log_params/coefficient"));
  }
}

}  // namespace
}  // namespace gensynth::accuracy
