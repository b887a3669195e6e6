#include "search/report/runs/trials_report.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace gensynth::report::runs {
namespace {

trial::Trial scored() {
  trial::Trial trial;
  trial.id = 12;
  trial.ordinal = 3;
  trial.state = trial::TrialState::scored;
  trial.feasible = true;
  trial.u = 51.234;
  trial.core_seconds = 2.25;
  trial.reason = "U 51.23 dB, fast";
  trial.genotype = {1, 0};
  trial.metrics.set("latency_ms", Quantity::predicted(12.345, "ms", "model", 10, 15));
  trial.metrics.set("params", Quantity::exact(1'234'567, ""));
  trial.metrics.set("macs", Quantity::exact(98'765'432, ""));
  return trial;
}

trial::Trial failed() {
  trial::Trial trial;
  trial.id = 13;
  trial.state = trial::TrialState::failed;
  return trial;
}

TEST(TrialsReport, HasTextCsvAndJsonOfTheSameTrials) {
  const std::vector<trial::Trial> trials = {scored(), failed()};
  EXPECT_EQ(
      trials_text(trials),
      "trial  state   feasible      U  proxy top-1 %  latency ms (predicted)  params M  MACs M  core-seconds  why\n"
      "   12  scored  yes       51.23              -                   12.35     1.235    98.8           2.2  "
      "U 51.23 dB, fast\n"
      "   13  failed  -             -              -                       -         -       -           0.0\n");
  EXPECT_EQ(trials_csv({scored()}),
            "trial,state,feasible,U,proxy top-1 %,latency ms (predicted),params M,MACs M,core-seconds,why\n"
            "12,scored,yes,51.23,-,12.35,1.235,98.8,2.2,\"U 51.23 dB, fast\"\n");
  EXPECT_EQ(trials_json_lines(trials), to_json(trials[0]).dump() + "\n" + to_json(trials[1]).dump() + "\n");
}

TEST(TrialsReport, EventsAreOneObjectInALine) {
  trial::Event event;
  event.seq = 4;
  event.trial = 12;
  event.kind = trial::EventKind::claimed;
  event.from = "queued";
  event.to = "running";
  event.reason = "w\xff";  // not UTF-8
  const std::string line = events_json_lines({{event, std::nullopt}});
  EXPECT_EQ(line,
            "{\"seq\":4,\"time\":0.0,\"trial\":12,\"event\":\"claimed\",\"stage\":\"\",\"from\":\"queued\","
            "\"to\":\"running\",\"reason\":\"w\xEF\xBF\xBD\"}\n");
  const nlohmann::json with_trial = nlohmann::json::parse(events_json_lines({{event, scored()}}));
  EXPECT_EQ(with_trial.at("genotype"), (nlohmann::json{1, 0}));
  EXPECT_EQ(with_trial.at("metrics").at("latency_ms").at("value"), 12.345);
}

}  // namespace
}  // namespace gensynth::report::runs
