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
  EXPECT_THAT(
      text,
      HasSubstr("3 scored, 2 failed\n\nAttendNeXt   trial 4\nU           50.50 dB\nU = 20 log10(a^2 p^-0.25 l^-0.5), "
                "a: top1 in %, p: parameters in millions, l: latency in ms\n"));
  EXPECT_THAT(text, HasSubstr("wrote run/result/attendnext.json\nnote: no weights\n"));
  EXPECT_THAT(text, HasSubstr("2 trials failed: gensynth log run list --state failed\n"));
  EXPECT_THAT(text, Not(HasSubstr("no feasible candidate")));
}

trial::Trial on_front(std::int64_t id, double top1, double ms) {
  trial::Trial trial;
  trial.id = id;
  trial.u = 40;
  trial.metrics.set("top1", Quantity::predicted(top1, "%", "a model", top1 - 1, top1 + 1));
  trial.metrics.set("latency_ms", Quantity::predicted(ms, "ms", "a model", ms / 2, ms * 2));
  return trial;
}

TEST(SearchReport, ListsTheNeighboursOfTheWinnerOnTheFront) {
  SearchReport report = report_of(true);
  EXPECT_THAT(search_text(report), Not(HasSubstr("alternatives")));
  report.outcome.best = on_front(4, 70, 10);
  report.alternatives = {on_front(1, 40, 0.5), on_front(2, 60, 5), *report.outcome.best, on_front(5, 75, 20)};
  for (int id = 10; id < 16; ++id) report.alternatives.push_back(on_front(id, 76 + id, 11 + 0.1 * id));
  const std::string text = search_text(report);
  const std::string alternatives = text.substr(text.find("alternatives on the Pareto front"));
  EXPECT_THAT(alternatives, HasSubstr("gensynth log run front"));
  // The six nearest in latency, by rising latency: neither the winner itself, nor the two farthest, nor 20 ms.
  EXPECT_LT(alternatives.find("10 "), alternatives.find("15 "));
  EXPECT_THAT(alternatives, Not(HasSubstr("0.50 ms")));
  EXPECT_THAT(alternatives, Not(HasSubstr("5.00 ms predicted")));
  EXPECT_THAT(alternatives, Not(HasSubstr("10.00 ms predicted")));
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
