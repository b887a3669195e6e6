#include "search/analysis/rejections.hpp"

#include <gtest/gtest.h>

#include "search/report/runs/rejections_report.hpp"
#include "tests/search/scratch.hpp"

namespace gensynth::analysis {
namespace {

TEST(Rejections, AreCountedByRuleWithTheirShareOfAllProposals) {
  const testing::Scratch scratch;
  nlohmann::json text = testing::untrained_job();
  text["constraints"][0]["expression"] = "params < 1";
  text["budget"]["proposals"] = 300;
  const loop::SearchOutcome outcome = testing::search(scratch / "run", text);
  const run::Run run = run::Run::open(scratch / "run", run::RunMode::read);
  const std::vector<RuleRejections> found = rejections(run.store());
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].rule, "small");
  EXPECT_EQ(found[0].stage, Stage::graph);
  EXPECT_EQ(found[0].count, outcome.counts.at(trial::TrialState::rejected));
  EXPECT_DOUBLE_EQ(found[0].share, static_cast<double>(found[0].count) / 300);
  EXPECT_GT(found[0].closest, 0);
}

TEST(Rejections, HaveATextAndAJsonForm) {
  const std::vector<RuleRejections> some = {{"small", Stage::graph, 3, 0.25, 1.5, 0.125}};
  EXPECT_EQ(report::runs::rejections_text(some),
            "rule   rejected  share of proposals  stage  core-seconds spent          closest miss\n"
            "small         3              25.0 %  graph                 1.5  12.5 % off the bound\n");
  const nlohmann::json json = nlohmann::json::parse(report::runs::rejections_json(some).dump());
  EXPECT_EQ(json,
            (nlohmann::json{
                {"small",
                 {{"rejected", 3}, {"share", 0.25}, {"stage", "graph"}, {"core_seconds", 1.5}, {"closest", 0.125}}}}));
  EXPECT_EQ(report::runs::rejections_json({}).dump(), "{}");
}

}  // namespace
}  // namespace gensynth::analysis
