#include "search/report/runs/search_report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace gensynth::report::runs {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

SearchReport report_of(bool with_winner) {
  SearchReport report;
  report.run = "run";
  report.job.budget.trials = 9;
  report.job.budget.proposals = 300;
  report.outcome.counts = {{trial::TrialState::scored, 3}, {trial::TrialState::failed, 2}};
  report.rejections = {{"small", Stage::graph, 5, 0.5, 0, 0.1}};
  if (with_winner) {
    report.outcome.best.emplace();
    report.outcome.best->id = 4;
    report.outcome.best->u = 50.5;
    report.files.written = {"run/result/attendnext.json"};
    report.files.remarks = {"no weights"};
  }
  return report;
}

TEST(SearchReport, ShowsTheWinnerItsFilesAndFailures) {
  const std::string text = search_text(report_of(true));
  EXPECT_THAT(text, HasSubstr("3 scored, 2 failed\n\nAttendNeXt   trial 4\nU           50.50 dB\n"));
  EXPECT_THAT(text, HasSubstr("wrote run/result/attendnext.json\nnote: no weights\n"));
  EXPECT_THAT(text, HasSubstr("2 trials failed: gensynth log run list --state failed\n"));
  EXPECT_THAT(text, Not(HasSubstr("no feasible candidate")));
}

TEST(SearchReport, WithoutAWinnerListsRules) {
  SearchReport report = report_of(false);
  report.outcome.end = loop::SearchEnd::out_of_proposals;
  EXPECT_THAT(search_text(report), HasSubstr("the budget of 300 proposals is used up before 9 trials were evaluated\n"
                                             "no feasible candidate was found\nrule "));
  report.outcome.end = loop::SearchEnd::stopped;
  EXPECT_THAT(search_text(report), Not(HasSubstr("no feasible candidate")));
}

TEST(SearchReport, SaysThatTheSpaceIsExhausted) {
  SearchReport report = report_of(true);
  report.outcome.end = loop::SearchEnd::space_exhausted;
  report.outcome.counts = {{trial::TrialState::scored, 4}, {trial::TrialState::duplicate, 16}};
  report.outcome.evaluated = 4;
  EXPECT_THAT(search_text(report), HasSubstr("space exhausted: 4 networks, all evaluated\n"));
  report.outcome.counts[trial::TrialState::rejected] = 2;
  EXPECT_THAT(search_text(report), HasSubstr("space exhausted: 6 networks, 4 evaluated, 2 rejected"));
  EXPECT_EQ(search_json(report).at("end"), "space_exhausted");
  report.warning = "one rule";
  EXPECT_THAT(search_text(report), HasSubstr("warning: one rule\n"));
}

TEST(SearchReport, JsonHoldsTheSame) {
  const nlohmann::json json = nlohmann::json::parse(search_json(report_of(true)).dump());
  EXPECT_EQ(json.at("run"), "run");
  EXPECT_EQ(json.at("end"), "finished");
  EXPECT_EQ(json.at("winner").at("trial"), 4);
  EXPECT_EQ(json.at("rejects").at("small").at("rejected"), 5);
  EXPECT_EQ(json.at("counts").at("failed"), 2);
  EXPECT_TRUE(nlohmann::json::parse(search_json(report_of(false)).dump()).at("winner").is_null());
  EXPECT_TRUE(json.at("data").is_null());
  SearchReport trained = report_of(true);
  trained.data.emplace().train = 17;
  EXPECT_EQ(search_json(trained).at("data").at("train"), 17);
}

}  // namespace
}  // namespace gensynth::report::runs
