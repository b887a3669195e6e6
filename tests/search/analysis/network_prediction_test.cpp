#include "search/analysis/network_prediction.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "architecture/base/error.hpp"
#include "search/report/networks/prediction_report.hpp"

namespace gensynth::analysis {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(NetworkPrediction, AReferenceNetworkHasThePredictionAndThePublishedValue) {
  const NetworkPrediction p = predict_network("zoo:mobilenet-v3-large-1.0", 0);
  EXPECT_EQ(p.px, 224);
  EXPECT_TRUE(p.estimate.in_distribution);
  EXPECT_LT(p.estimate.low, p.estimate.top1);
  EXPECT_LT(p.estimate.top1, p.estimate.high);
  ASSERT_TRUE(p.published);
  EXPECT_DOUBLE_EQ(p.published->value, 75.2);
  EXPECT_EQ(p.published->provenance, Provenance::measured);
  EXPECT_FALSE(p.proxy);
}

TEST(NetworkPrediction, APublishedValueHoldsForItsOwnResolutionOnly) {
  const NetworkPrediction small = predict_network("zoo:mobilenet-v3-large-1.0", 128);
  EXPECT_EQ(small.px, 128);
  EXPECT_FALSE(small.published);
  EXPECT_LT(small.estimate.top1, predict_network("zoo:mobilenet-v3-large-1.0", 0).estimate.top1);
}

TEST(NetworkPrediction, BothFormsOfANetworkGetOnePrediction) {
  const NetworkPrediction trained = predict_network("zoo:mobileone-s0-train", 0);
  const NetworkPrediction deployed = predict_network("zoo:mobileone-s0-reparam", 0);
  EXPECT_NEAR(trained.estimate.top1, deployed.estimate.top1, 1e-6);
  EXPECT_NEAR(trained.estimate.high, deployed.estimate.high, 1e-6);
}

TEST(NetworkPrediction, ContributionsAreSortedBySizeAndHaveTheirSign) {
  const NetworkPrediction p = predict_network("zoo:mobilenet-v1-0.25", 0);
  ASSERT_GT(p.contributions.size(), 5U);
  for (std::size_t i = 1; i < p.contributions.size(); ++i) {
    EXPECT_GE(std::abs(p.contributions[i - 1].points), std::abs(p.contributions[i].points));
  }
  for (const accuracy::Contribution& c : p.contributions) {
    // Parameters never lower a prediction, and this network has fewer than the average.
    if (c.feature != "log_params") continue;
    EXPECT_LT(c.value, c.average);
    EXPECT_LT(c.points, 0);
  }
}

TEST(NetworkPrediction, ReportsWhyANetworkIsOutOfDistribution) {
  const NetworkPrediction p = predict_network("zoo:mobilenet-v3-large-1.0", 1024);
  ASSERT_FALSE(p.estimate.in_distribution);
  EXPECT_GT(p.estimate.distance, 1);
  ASSERT_FALSE(p.estimate.notes.empty());
  const std::string text = report::networks::prediction_text({p});
  EXPECT_THAT(text, HasSubstr("out of distribution: " + p.estimate.notes.front()));
  const nlohmann::ordered_json json = report::networks::prediction_json(p);
  EXPECT_FALSE(json.at("in_distribution").get<bool>());
  EXPECT_EQ(json.at("notes").size(), p.estimate.notes.size());
}

TEST(NetworkPrediction, ATableOfSeveralNetworksHasNoDetails) {
  const std::string text = report::networks::prediction_text(
      {predict_network("zoo:mobilenet-v2-1", 0), predict_network("zoo:mobilevit-xs", 0)});
  EXPECT_THAT(text, HasSubstr("zoo:mobilevit-xs"));
  EXPECT_THAT(text, Not(HasSubstr("average reference network")));
}

TEST(NetworkPrediction, AnUnknownNetworkIsAnError) { EXPECT_THROW(predict_network("zoo:mobilenet-v9", 0), Error); }

}  // namespace
}  // namespace gensynth::analysis
