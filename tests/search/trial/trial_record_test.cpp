#include "search/trial/trial_record.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "architecture/base/error.hpp"

namespace gensynth::trial {
namespace {

TEST(TrialRecord, ComesBackAsItWas) {
  Trial trial;
  trial.id = 4;
  trial.state = TrialState::rejected;
  trial.genotype = {1, 2, 4};
  trial.rule = "small";
  trial.metrics.set("params", Quantity::exact(1e6, ""));
  trial.metrics.set("latency_ms", Quantity::predicted(3, "ms", "model", 2, 4));
  trial.parents = {1, 2};
  trial.prune_below = {0, 12.5};
  trial.u = 1.0 / 3;
  trial.rungs = {{10, std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity(), 1, 2, 0.5}};
  Trial other;
  other.id = 4;
  EXPECT_EQ(read_trial_message(trial_message("rung", trial), other), "rung");
  EXPECT_EQ(other.genotype, trial.genotype);
  EXPECT_EQ(other.parents, trial.parents);
  EXPECT_EQ(other.prune_below, trial.prune_below);
  EXPECT_EQ(other.u, trial.u);
  EXPECT_EQ(other.rule, "small");
  EXPECT_EQ(other.state, TrialState::rejected);
  EXPECT_EQ(other.metrics.at("latency_ms").high, 4);
  ASSERT_EQ(other.rungs.size(), 1u);
  EXPECT_TRUE(std::isnan(other.rungs[0].train_loss));
  EXPECT_TRUE(std::isnan(other.rungs[0].loss));
  EXPECT_EQ(other.rungs[0].balanced_accuracy, 0.5);
  EXPECT_EQ(accuracy_of(other.rungs[0], "proxy_top1"), 1);
  EXPECT_EQ(accuracy_of(other.rungs[0], "proxy_balanced_accuracy"), 0.5);
  nlohmann::json earlier = nlohmann::json::parse(to_json(other.rungs[0]).dump());
  earlier.erase("balanced_accuracy");
  EXPECT_TRUE(std::isnan(rung_from_json(earlier, "a run of an earlier version", "").balanced_accuracy));
  EXPECT_THROW((void)read_trial_message("{}", other), Error);
  const std::string body = trial_body(trial);
  for (const char* damage : {"[0.5]", "[4294967296]", "[1e300]", "[true]", "7"}) {
    nlohmann::json damaged = nlohmann::json::parse(body);
    damaged["genotype"] = nlohmann::json::parse(damage);
    EXPECT_THROW(read_trial_body(damaged.dump(), "store", other), Error) << damage;
  }
  EXPECT_THROW(read_trial_body("{", "db", other), Error);
}

}  // namespace
}  // namespace gensynth::trial
