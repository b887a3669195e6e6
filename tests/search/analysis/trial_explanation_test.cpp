#include "search/analysis/trial_explanation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "search/report/runs/why_report.hpp"
#include "tests/search/scratch.hpp"

namespace gensynth::analysis {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class TrialExplanationTest : public ::testing::Test {
 protected:
  TrialExplanationTest() { (void)testing::search(scratch / "run", testing::untrained_job()); }

  TrialExplanation explain(trial::TrialState state) {
    const run::Run run = run::Run::open(scratch / "run", run::RunMode::read);
    return explain_trial(run, run.store().list(state).at(0));
  }

  testing::Scratch scratch;
};

TEST_F(TrialExplanationTest, RanksDecisionsByTheirCredit) {
  const TrialExplanation why = explain(trial::TrialState::scored);
  const std::vector<explanation::DecisionCredit>& decisions = why.credit.credit.decisions;
  ASSERT_EQ(why.credit.credit.basis, explanation::CreditBasis::computed);
  ASSERT_FALSE(why.helped.empty());
  for (const std::size_t i : why.helped) EXPECT_GT(decisions[i].credit->u, 0);
  for (const std::size_t i : why.hurt) EXPECT_LT(decisions[i].credit->u, 0);
  for (std::size_t k = 1; k < why.helped.size(); ++k) {
    EXPECT_GE(decisions[why.helped[k - 1]].credit->u, decisions[why.helped[k]].credit->u);
  }
  std::size_t credited = 0;
  for (const explanation::DecisionCredit& d : decisions) credited += d.credit ? 1 : 0;
  EXPECT_EQ(why.helped.size() + why.hurt.size() + static_cast<std::size_t>(why.unsure), credited);
  EXPECT_FALSE(why.events.empty());
  EXPECT_FALSE(why.probed);
}

TEST_F(TrialExplanationTest, ListsChoicesThatDecideAHardConstraint) {
  const TrialExplanation kept = explain(trial::TrialState::scored);
  for (const SingleChange& change : kept.changes) {
    EXPECT_FALSE(change.answers.empty());
    EXPECT_FALSE(change.rules.empty());
  }
  const TrialExplanation rejected = explain(trial::TrialState::rejected);
  const double violation = rejected.credit.credit.violation;
  EXPECT_GT(violation, 0);
  for (const SingleChange& change : rejected.changes) EXPECT_LT(change.violation, violation);
  for (std::size_t k = 1; k < rejected.changes.size(); ++k) {
    EXPECT_LE(rejected.changes[k - 1].violation, rejected.changes[k].violation);
  }
}

TEST_F(TrialExplanationTest, IsRenderedAsTextAndJson) {
  const TrialExplanation why = explain(trial::TrialState::rejected);
  const std::string text = report::runs::why_text(why);
  EXPECT_THAT(text, HasSubstr("is rejected: "));
  EXPECT_THAT(text, HasSubstr("no vertex is credited: the trial was not probed\n"));
  EXPECT_THAT(text, HasSubstr("accuracy and credit are computed from the structure"));
  EXPECT_THAT(text, Not(HasSubstr("P(satisfied)")));
  const nlohmann::json json = nlohmann::json::parse(report::runs::why_json(why).dump());
  EXPECT_EQ(json.at("trial"), why.trial.id);
  EXPECT_EQ(json.at("events").size(), why.events.size());
  EXPECT_EQ(json.at("credit").at("decisions").size(), why.credit.credit.decisions.size());
  EXPECT_TRUE(json.at("vertices").is_null());
}

TEST(WhyText, ShowsPredictionsOfConstraintsThatNeedTraining) {
  TrialExplanation why;
  why.trial.id = 7;
  why.trial.state = trial::TrialState::scored;
  why.trial.reason = "U 1.00 dB";
  explanation::CandidateCredit& credit = why.credit.credit;
  credit.basis = explanation::CreditBasis::unknown;
  credit.feasible = true;
  why.credit.observed = 2;
  surrogate::ConstraintPrediction prediction;
  prediction.constraint = "learns";
  prediction.hard = true;
  prediction.probability = 0.75;
  prediction.excess = -0.125;
  prediction.evaluated = 9;
  credit.measured = {prediction};
  explanation::DecisionCredit decision;
  decision.decision.name = "width";
  decision.alternatives.resize(2);
  decision.alternatives[0].feasible = true;
  decision.feasibility = 0.25;
  credit.decisions = {decision};
  why.credit.labels = {{"8", {"16", "32"}}};
  why.feasibility_decisions = {0};
  EXPECT_EQ(report::runs::why_text(why),
            "trial 7 is scored: U 1.00 dB\n\n"
            "event  from  to  what\n\n"
            "compute spent: 0.0 core-seconds\n\n"
            "no decision is credited yet: 2 trials have an accuracy, the inquisitor needs 6\n\n"
            "hard constraints (computed): no single decision would break one\n\n"
            "needs training  kind  P(satisfied)    predicted measurement  learned from\n"
            "learns          hard          75 %  12.5 % within the bound      9 trials\n\n"
            "change of P(feasible)  decision  answer  rather than\n"
            "                +25 %  width          8           16\n\n"
            "no vertex is credited: the trial was not probed\n");
}

}  // namespace
}  // namespace gensynth::analysis
