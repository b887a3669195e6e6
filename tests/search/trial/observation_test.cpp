#include "search/trial/observation.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "constraints/registry/registry.hpp"

namespace gensynth::trial {
namespace {

TEST(ObservationOf, ContainsTheConstraintsThatNeedAnEvaluation) {
  registry::ConstraintRegistry registry;
  const constraints::ConstraintSet built_in =
      registry.create_all({{{"constraint", "max_params"}, {"bound", 1000}},
                           {{"constraint", "expression"}, {"label", "floor"}, {"expression", "proxy_top1 > 40"}}},
                          "test", "");
  Trial trial;
  trial.id = 7;
  trial.genotype = {1, 2};
  trial.u = 30;
  trial.feasible = true;
  trial.metrics.set("top1", Quantity::exact(70, "%"));
  trial.metrics.set("latency_ms", Quantity::exact(12, "ms"));
  for (const char* name : {"max_params", "floor", "plugin"}) {
    constraints::Verdict verdict;
    verdict.constraint = name;
    verdict.satisfied = false;
    verdict.bound = 40;
    verdict.violation = 10;
    trial.verdicts.push_back(verdict);
  }
  const surrogate::Observation observation = observation_of(trial, "top1", built_in);
  EXPECT_EQ(observation.trial, 7);
  EXPECT_EQ(observation.genotype, trial.genotype);
  EXPECT_EQ(observation.accuracy, 70);
  EXPECT_EQ(observation.latency_ms, 12);
  EXPECT_EQ(observation.u, 30);
  EXPECT_TRUE(observation.feasible);
  EXPECT_FALSE(observation_of(trial, "proxy_top1").accuracy);
  EXPECT_TRUE(observation_of(trial, "top1").constraints.empty());
  ASSERT_EQ(observation.constraints.size(), 2U) << "parameters are counted before anything is evaluated";
  EXPECT_EQ(observation.constraints[0].constraint, "floor");
  EXPECT_EQ(observation.constraints[1].constraint, "plugin");
  EXPECT_DOUBLE_EQ(observation.constraints[1].excess, 0.25);
}

}  // namespace
}  // namespace gensynth::trial
