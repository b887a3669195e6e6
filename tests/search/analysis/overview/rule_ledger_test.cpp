#include "search/analysis/overview/rule_ledger.hpp"

#include <gtest/gtest.h>

namespace gensynth::analysis::overview {
namespace {

constraints::ConstraintSpec spec(const std::string& kind, const std::string& label, nlohmann::ordered_json parameters,
                                 bool hard = true) {
  constraints::ConstraintSpec result;
  result.constraint = kind;
  result.label = label;
  result.hard = hard;
  result.parameters = std::move(parameters);
  return result;
}

constraints::Verdict verdict(const std::string& rule, double measured, double bound) {
  constraints::Verdict result;
  result.constraint = rule;
  result.measured = measured;
  result.bound = bound;
  result.satisfied = measured <= bound;
  result.violation = result.satisfied ? 0 : measured - bound;
  return result;
}

/// A trial whose latency was judged by the rule "fast" with a bound of 10, after "small" with a bound of 100.
trial::Trial judged(std::int64_t id, double size, std::optional<double> latency) {
  trial::Trial result;
  result.id = id;
  result.state = trial::TrialState::rejected;
  result.core_seconds = 2;
  result.verdicts.push_back(verdict("small", size, 100));
  if (latency) result.verdicts.push_back(verdict("fast", *latency, 10));
  const bool big = size > 100;
  result.stage = big ? Stage::graph : Stage::latency;
  if (big) result.rule = "small";
  if (!big && latency && *latency > 10) result.rule = "fast";
  if (result.rule.empty()) result.state = trial::TrialState::scored;
  return result;
}

TEST(RuleLedger, CountsWhatEachRuleCheckedAndRejected) {
  const std::vector<RuleRecord> ledger =
      rule_ledger({spec("max_params", "small", {{"bound", 100}}), spec("max_latency", "fast", {{"bound", 10}})},
                  {judged(1, 150, {}), judged(2, 50, 11), judged(3, 50, 9), judged(4, 110, {}), judged(5, 200, {})});
  ASSERT_EQ(ledger.size(), 2U);
  EXPECT_EQ(ledger[0].rule, "small");
  EXPECT_EQ(ledger[0].kind, "max_params");
  EXPECT_EQ(ledger[0].asks, "bound 100");
  EXPECT_EQ(ledger[0].checked, 5);
  EXPECT_EQ(ledger[0].violated, 3);
  EXPECT_EQ(ledger[0].rejected, 3);
  EXPECT_DOUBLE_EQ(ledger[0].closest, 0.1);
  EXPECT_DOUBLE_EQ(ledger[0].median, 0.5);
  EXPECT_EQ(ledger[0].closest_trial, 4);
  EXPECT_DOUBLE_EQ(ledger[0].core_seconds, 6);
  EXPECT_EQ(ledger[1].checked, 2) << "those that the first rule rejected are not checked by the second";
  EXPECT_EQ(ledger[1].rejected, 1);
  EXPECT_EQ(ledger[1].stage, Stage::latency);
}

TEST(RuleLedger, ContainsRulesThatRejectedNothingAndThoseThatTheJobDoesNotName) {
  const std::vector<RuleRecord> ledger = rule_ledger({spec("columnar", "columnar", {}, false)}, {judged(1, 150, {})});
  ASSERT_EQ(ledger.size(), 2U);
  EXPECT_EQ(ledger[0].rule, "columnar");
  EXPECT_FALSE(ledger[0].hard);
  EXPECT_EQ(ledger[0].rejected, 0);
  EXPECT_EQ(ledger[0].closest_trial, 0);
  EXPECT_EQ(ledger[1].rule, "small");
  EXPECT_EQ(ledger[1].kind, "");
}

TEST(MetricBounds, AreThoseOfBoundKindsAndOfJoinedComparisons) {
  const std::vector<MetricBound> bounds = metric_bounds(
      {spec("max_latency", "fast", {{"bound", 25.0}}),
       spec("expression", "size", {{"expression", "params < 5e5 and macs <= 12e6 && proxy_top1 > 20"}}, false),
       spec("columnar", "columnar", {{"min_stages", 2}})});
  ASSERT_EQ(bounds.size(), 4U);
  EXPECT_EQ(bounds[0].metric, "latency_ms");
  EXPECT_TRUE(bounds[0].upper);
  EXPECT_DOUBLE_EQ(bounds[0].bound, 25);
  EXPECT_EQ(bounds[1].metric, "params");
  EXPECT_DOUBLE_EQ(bounds[1].bound, 5e5);
  EXPECT_FALSE(bounds[1].hard);
  EXPECT_EQ(bounds[2].metric, "macs");
  EXPECT_EQ(bounds[3].metric, "proxy_top1");
  EXPECT_FALSE(bounds[3].upper);
}

TEST(MetricBounds, AreNotDrawnFromConditionsThatAFeasibleNetworkMayViolate) {
  EXPECT_TRUE(metric_bounds({spec("expression", "either", {{"expression", "params < 5e5 or macs < 1e6"}}),
                             spec("expression", "negated", {{"expression", "not params > 5e5"}}),
                             spec("expression", "ratio", {{"expression", "macs / params < 20"}})})
                  .empty());
}

}  // namespace
}  // namespace gensynth::analysis::overview
