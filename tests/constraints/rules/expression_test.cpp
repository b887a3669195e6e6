#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "tests/constraints/networks.hpp"
#include "tests/constraints/verdicts.hpp"

namespace gensynth::rules {
namespace {

using namespace gensynth::testing;
using namespace gensynth::constraints;
using registry::ConstraintRegistry;
using ::testing::HasSubstr;

class Expression : public ::testing::Test {
 protected:
  Expression() {
    metrics_.set("params", Quantity::exact(3e6, ""));
    metrics_.set("macs", Quantity::exact(2e8, ""));
    metrics_.set("latency_ms", Quantity::predicted(30, "ms", "model", 25, 35));
    metrics_.set("proxy_top1", Quantity::measured(60, "%", "data"));
  }
  Verdict judged(const std::string& text) const {
    return judge({{"constraint", "expression"}, {"expression", text}}, net_, metrics_);
  }
  static std::string refused(const std::string& text) {
    return message_of([&] {
      ConstraintRegistry().create({{"constraint", "expression"}, {"expression", text}}, "job.json", "/constraints/0");
    });
  }
  static CostClass cost_class(const std::string& text) {
    return ConstraintRegistry().create({{"constraint", "expression"}, {"expression", text}}, "", "")->cost_class();
  }

  Architecture net_ = mobilenet_v3_like();
  Metrics metrics_;
};

TEST_F(Expression, ComparesOneMetricWithItsBound) {
  const Verdict verdict = judged("latency_ms < 25");
  EXPECT_FALSE(verdict.satisfied);
  EXPECT_DOUBLE_EQ(verdict.measured, 30);
  EXPECT_DOUBLE_EQ(verdict.bound, 25);
  EXPECT_DOUBLE_EQ(verdict.violation, 5);
  EXPECT_DOUBLE_EQ(verdict.relative_violation(), 0.2);
  EXPECT_EQ(verdict.unit, "ms");
  EXPECT_DOUBLE_EQ(judged("latency_ms > 40").violation, 10);
  EXPECT_TRUE(judged("latency_ms <= 30").satisfied);
  EXPECT_TRUE(judged("latency_ms == 30").satisfied);
  EXPECT_FALSE(judged("latency_ms != 30").satisfied);
  EXPECT_GT(judged("latency_ms != 30").violation, 0);
  EXPECT_FALSE(judged("latency_ms < 30").satisfied);
  EXPECT_GT(judged("latency_ms < 30").violation, 0);
  EXPECT_LT(judged("latency_ms < 30").violation, 1e-6);
}

TEST_F(Expression, PredictedMetricsAtAConfidence) {
  metrics_.set("top1", Quantity::predicted(76, "%", "model", 74, 77));
  const auto at = [&](const std::string& text, double confidence) {
    return judge({{"constraint", "expression"}, {"expression", text}, {"confidence", confidence}}, net_, metrics_);
  };
  EXPECT_DOUBLE_EQ(at("latency_ms < 32", 0.5).measured, 30);
  EXPECT_NEAR(at("latency_ms < 32", 0.95).measured, 35, 1e-9);
  EXPECT_TRUE(at("latency_ms < 32", 0.5).satisfied);
  EXPECT_FALSE(at("latency_ms < 32", 0.95).satisfied);
  EXPECT_NEAR(at("top1 > 75", 0.95).measured, 74, 1e-9);
  EXPECT_FALSE(at("top1 > 75", 0.95).satisfied);
  EXPECT_DOUBLE_EQ(at("proxy_top1 > 50", 0.95).measured, 60);  // measured
}

TEST_F(Expression, TheWorstComparisonOfAConjunctionDecides) {
  const Verdict verdict = judged("params < 2e6 and latency_ms < 28");  // by half, and by a fourteenth
  EXPECT_FALSE(verdict.satisfied);
  EXPECT_DOUBLE_EQ(verdict.bound, 2e6);
  EXPECT_DOUBLE_EQ(verdict.violation, 1e6);
  EXPECT_THAT(verdict.message, HasSubstr("params < 2e6"));
  EXPECT_DOUBLE_EQ(judged("params < 2.9e6 && latency_ms < 15").bound, 15);
  const Verdict kept = judged("params < 30e6 and latency_ms < 31");
  EXPECT_TRUE(kept.satisfied);
  EXPECT_DOUBLE_EQ(kept.bound, 31);  // the tightest
  EXPECT_EQ(kept.violation, 0);
}

TEST_F(Expression, OfADisjunctionTheBestDecides) {
  EXPECT_TRUE(judged("params < 1e6 or latency_ms < 31").satisfied);
  const Verdict verdict = judged("params < 1e6 || latency_ms < 25");
  EXPECT_FALSE(verdict.satisfied);
  EXPECT_DOUBLE_EQ(verdict.bound, 25);
}

TEST_F(Expression, PrecedenceNegationAndParentheses) {
  EXPECT_TRUE(judged("params < 4e6 or params < 1e6 and latency_ms < 1").satisfied);
  EXPECT_FALSE(judged("(params < 4e6 or params < 1e6) and latency_ms < 1").satisfied);
  EXPECT_TRUE(judged("not latency_ms < 25").satisfied);
  EXPECT_DOUBLE_EQ(judged("not latency_ms >= 25").violation, 5);
  EXPECT_TRUE(judged("not (params > 4e6 or latency_ms > 40)").satisfied);
  EXPECT_DOUBLE_EQ(judged("!(params > 4e6 or latency_ms > 20)").bound, 20);
  EXPECT_TRUE(judged("not not latency_ms > 25").satisfied);
  EXPECT_TRUE(judged("((params)) * 2 < (7e6)").satisfied);
}

TEST_F(Expression, ArithmeticOnBothSides) {
  EXPECT_DOUBLE_EQ(judged("macs / params < 50").violation, 2e8 / 3e6 - 50);
  EXPECT_DOUBLE_EQ(judged("max(params, 4e6) + 1 > 2 * 1e6").measured, 4e6 + 1);
  EXPECT_TRUE(judged("20 * log10(proxy_top1^2 / (params / 1e6)) > 1").satisfied);
}

TEST_F(Expression, NaNIsNeverSatisfied) {
  for (const char* text : {"params / (macs - 2e8) < 5", "params / (macs - 2e8) > 5", "not params / (macs - 2e8) < 5"}) {
    const Verdict verdict = judged(text);
    EXPECT_FALSE(verdict.satisfied) << text;
    EXPECT_GT(verdict.violation, 0);
    EXPECT_TRUE(std::isfinite(verdict.measured));
  }
}

TEST_F(Expression, RunsWhenItsLastMetricIsThere) {
  EXPECT_EQ(cost_class("params < 1 and depth > 3"), CostClass::graph);
  EXPECT_EQ(cost_class("params < 1 or latency_ms < 2"), CostClass::latency);
  EXPECT_EQ(cost_class("top1 > 75"), CostClass::latency);
  EXPECT_EQ(cost_class("top1 > 75 and proxy_top1 > 3"), CostClass::proxy);
}

TEST_F(Expression, MistakesAreNamed) {
  EXPECT_THAT(refused("latency < 25"), HasSubstr("unknown metric 'latency'"));
  EXPECT_THAT(refused("parms < 25"), HasSubstr("did you mean 'params'?"));
  EXPECT_THAT(refused("parms < 25"), HasSubstr("job.json: /constraints/0"));
  EXPECT_THAT(refused("params"), HasSubstr("expected a comparison"));
  EXPECT_THAT(refused(""), HasSubstr("expected a comparison"));
  EXPECT_THAT(refused("1 < params < 4"), HasSubstr("join two by 'and'"));
  EXPECT_THAT(refused("params = 4"), HasSubstr("write '=='"));
  EXPECT_THAT(refused("params < 4 and"), HasSubstr("beside 'and'"));
  EXPECT_THAT(refused("or params < 4"), HasSubstr("beside 'or'"));
  EXPECT_THAT(refused("(params < 4"), HasSubstr("parentheses"));
  EXPECT_THAT(refused("params < 4)"), HasSubstr("parentheses"));
  EXPECT_THAT(refused("params <"), HasSubstr("both sides"));
  EXPECT_THAT(refused("params < 4 +"), HasSubstr("params < 4 +"));
  EXPECT_THAT(refused("params < sqr(4)"), HasSubstr("sqr"));
  EXPECT_THAT(refused("params < 4, 5"), HasSubstr("4, 5"));
  EXPECT_THAT(refused("params > (macs = 5)"), HasSubstr("'='"));
  EXPECT_THAT(refused("1 < 2"), HasSubstr("no metric"));
  const std::size_t deep = 100'000;
  EXPECT_THAT(refused(std::string(deep, '(') + "params < 4" + std::string(deep, ')')), HasSubstr("nested deeper"));
  EXPECT_THAT(refused(std::string(deep, '!') + "params < 4"), HasSubstr("nested deeper"));
  EXPECT_EQ(refused(std::string(50, '(') + "params < 4" + std::string(50, ')')), "");
}

TEST_F(Expression, ThreadsDoNotDisturbEachOther) {
  ConstraintRegistry registry;
  const auto rule =
      registry.create(registry.read({{"constraint", "expression"}, {"expression", "params * 2 < macs"}}, "", ""));
  std::vector<std::thread> threads;
  std::atomic<int> wrong{0};
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      Metrics metrics;
      metrics.set("params", Quantity::exact(t + 1, ""));
      metrics.set("macs", Quantity::exact(1, ""));
      for (int i = 0; i < 500; ++i) wrong += rule->check(net_, metrics).measured == 2.0 * (t + 1) ? 0 : 1;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace gensynth::rules
