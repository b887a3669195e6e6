#include "search/report/runs/trials_report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "architecture/base/file.hpp"

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

TEST(TrialsReport, TheBalancedAccuracyHasAColumnWhereItDiffersFromTop1) {
  trial::Trial even = scored();
  even.metrics.set("proxy_top1", Quantity::measured(80, "%", "data"));
  even.metrics.set("proxy_balanced_accuracy", Quantity::measured(80, "%", "data"));
  EXPECT_THAT(trials_csv({even}), testing::Not(testing::HasSubstr("balanced %")));
  trial::Trial uneven = even;
  uneven.metrics.set("proxy_balanced_accuracy", Quantity::measured(54.125, "%", "data"));
  const std::string text = trials_csv({even, uneven, failed()});
  EXPECT_THAT(text, testing::HasSubstr("U,proxy top-1 %,balanced %,latency ms (predicted),"));
  EXPECT_THAT(text, testing::HasSubstr("51.23,80.00,80.00,"));
  EXPECT_THAT(text, testing::HasSubstr("51.23,80.00,54.1"));
}

/// Golden files of the table that `log` prints for a small run. On a change, look at the files, then write them anew
/// with UPDATE_GOLDEN=1.
TEST(TrialsReport, FitsTerminalsOf60To200Columns) {
  trial::Trial rejected = failed();
  rejected.id = 14;
  rejected.state = trial::TrialState::rejected;
  rejected.reason =
      "columnar: stage 3 (14x14): columns 1 and 2 meet after every spatial operator; independence 0.12 of 0.30";
  rejected.metrics.set("latency_ms", Quantity::predicted(112.3, "ms", "model", 100, 150));
  trial::Trial pruned = scored();
  pruned.id = 15;
  pruned.state = trial::TrialState::pruned;
  pruned.u.reset();
  pruned.reason = "pruned after 4000 images: top-1 18.25 % of 24.00 % needed";
  pruned.metrics.set("proxy_top1", Quantity::measured(18.25, "%", "data"));
  const std::vector<trial::Trial> trials = {scored(), failed(), rejected, pruned};
  for (const int width : {60, 80, 140, 200}) {
    const std::string text = trials_text(trials, width);
    for (std::size_t i = 0; i < text.size();) {
      const std::size_t end = text.find('\n', i);
      EXPECT_LE(end - i, static_cast<std::size_t>(width)) << text;
      i = end + 1;
    }
    const std::string path =
        std::string(GENSYNTH_SOURCE_DIR) + "/tests/search/report/runs/golden/log-" + std::to_string(width) + ".txt";
    if (std::getenv("UPDATE_GOLDEN") != nullptr) write_file_atomically(path, text);
    EXPECT_EQ(text, read_file(path)) << path;
  }
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
