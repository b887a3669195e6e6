#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <tuple>

#include "constraints/rules/interval.hpp"
#include "tests/architecture/graph_draft.hpp"
#include "tests/architecture/random_architecture.hpp"
#include "tests/constraints/networks.hpp"
#include "tests/constraints/verdicts.hpp"

namespace gensynth::rules {
namespace {

using namespace gensynth::testing;
using namespace gensynth::constraints;
using ::testing::HasSubstr;

const nlohmann::json kColumnar = {{"constraint", "columnar"}};
const nlohmann::json kStrided = {{"constraint", "no_strided_pointwise"}};
const nlohmann::json kFiltered = {{"constraint", "anti_aliased_downsampling"}};

Metrics with(const std::string& name, Quantity quantity) {
  Metrics metrics;
  metrics.set(name, std::move(quantity));
  return metrics;
}

TEST(Top1, MeasuredAndPredictedAtAConfidence) {
  const Architecture net = mobilenet_v3_like();
  const auto top1 = [&](const Quantity& quantity, double confidence) {
    return judge({{"constraint", "top1"}, {"confidence", confidence}}, net, with("top1", quantity));
  };
  const Quantity measured = Quantity::measured(76.0, "%", "paper");
  EXPECT_TRUE(top1(measured, 0.99).satisfied);
  EXPECT_TRUE(top1(measured, 0.99).hard);
  const Quantity predicted = Quantity::predicted(76.0, "%", "model", 74.0, 78.0);
  EXPECT_TRUE(top1(predicted, 0.5).satisfied);
  EXPECT_DOUBLE_EQ(top1(predicted, 0.5).measured, 76.0);
  EXPECT_NEAR(top1(predicted, 0.95).measured, 74.0, 1e-9);  // the lower end of a 90 % interval
  EXPECT_NEAR(top1(predicted, 0.05).measured, 78.0, 1e-9);
  const Verdict verdict = top1(predicted, 0.95);
  EXPECT_FALSE(verdict.satisfied);
  EXPECT_NEAR(verdict.violation, 1.8, 1e-9);
  EXPECT_EQ(verdict.unit, "%");
  EXPECT_DOUBLE_EQ(verdict.bound, 75.8);
  EXPECT_THAT(verdict.message, HasSubstr("predicted"));
  EXPECT_THAT(message_of([&] { judge({{"constraint", "top1"}}, net); }), HasSubstr("no metric 'top1'"));
}

TEST(Top1, IsNotMetByAPredictionThatIsNotTrusted) {
  const Architecture net = mobilenet_v3_like();
  Quantity predicted = Quantity::predicted(78.0, "%", "model", 70.0, 84.0);
  predicted.in_distribution = false;
  predicted.distance = 2.5;
  const auto top1 = [&](double bound) {
    return judge({{"constraint", "top1"}, {"bound", bound}}, net, with("top1", predicted));
  };
  EXPECT_FALSE(top1(75.8).satisfied);
  EXPECT_NEAR(top1(75.8).violation, 5.8, 1e-9);
  EXPECT_FALSE(top1(60).satisfied);  // though the whole interval lies above
  EXPECT_THAT(top1(75.8).message, HasSubstr("distance 2.5"));
  EXPECT_FALSE(
      judge({{"constraint", "expression"}, {"expression", "top1 > 75"}}, net, with("top1", predicted)).satisfied);
  predicted.extrapolate = true;
  EXPECT_TRUE(top1(75.8).satisfied);
  EXPECT_TRUE(
      judge({{"constraint", "expression"}, {"expression", "top1 > 75"}}, net, with("top1", predicted)).satisfied);
}

TEST(Bounds, CountedAndPredicted) {
  const Architecture net = mobilenet_v3_like();
  const auto params = [&](const char* kind, double bound) {
    return judge({{"constraint", kind}, {"bound", bound}}, net, with("params", Quantity::exact(3e6, "")));
  };
  EXPECT_TRUE(params("max_params", 3e6).satisfied);
  EXPECT_DOUBLE_EQ(params("max_params", 2e6).violation, 1e6);
  EXPECT_DOUBLE_EQ(params("max_params", 2e6).relative_violation(), 0.5);
  EXPECT_DOUBLE_EQ(params("min_params", 4e6).violation, 1e6);
  EXPECT_GT(judge({{"constraint", "max_macs"}, {"bound", 1e9}}, net).measured, 1e6);  // counted where missing
  const Metrics latency = with("latency_ms", Quantity::predicted(20, "ms", "model", 15, 27));
  const auto bounded = [&](double confidence) {
    return judge({{"constraint", "max_latency"}, {"bound", 25}, {"confidence", confidence}}, net, latency);
  };
  EXPECT_TRUE(bounded(0.5).satisfied);
  EXPECT_NEAR(bounded(0.95).measured, 27, 1e-9);
  EXPECT_FALSE(bounded(0.95).satisfied);
  EXPECT_THAT(message_of([&] { judge({{"constraint", "max_latency"}, {"bound", 25}}, net); }), HasSubstr("latency_ms"));
}

TEST(Rules, VerdictsDoNotDependOnOrderIdsOrTags) {
  Rng rng(3);
  for (int i = 0; i < 200; ++i) {
    const Architecture net =
        i == 0 ? heterogeneous_columns() : RandomArchitecture(rng, 32, 20 + below(rng, 60)).build();
    const Architecture other = disguised(net, rng);
    for (const auto& entry : {kColumnar, kStrided, kFiltered,
                              nlohmann::json{{"constraint", "anti_aliased_downsampling"}, {"include_condensers", true}},
                              nlohmann::json{{"constraint", "max_params"}, {"bound", 1000}}}) {
      const Verdict a = judge(entry, net);
      const Verdict b = judge(entry, other);
      EXPECT_EQ(a.satisfied, b.satisfied);
      EXPECT_EQ(a.measured, b.measured) << entry << a.message << "\n" << b.message;
      EXPECT_EQ(a.violation, b.violation);
      const auto kinds = [](const Verdict& verdict, const Architecture& of) {
        std::vector<std::string> result;
        for (const int v : verdict.vertices) result.push_back(operator_name(of.op(v)) + to_string(of.shape(v)));
        std::sort(result.begin(), result.end());
        return result;
      };
      EXPECT_EQ(kinds(a, net), kinds(b, other));
    }
  }
}

}  // namespace
}  // namespace gensynth::rules
