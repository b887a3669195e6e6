#include "search/report/html/report_json.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "architecture/base/file.hpp"
#include "search/report/html/network_json.hpp"
#include "tests/search/scratch.hpp"

namespace gensynth::report::html {
namespace {

using analysis::overview::RunReport;

trial::Trial scored() {
  trial::Trial trial;
  trial.id = 1;
  trial.ordinal = 1;
  trial.attempt = 1;
  trial.state = trial::TrialState::scored;
  trial.feasible = true;
  trial.u = 60.123456789;
  trial.core_seconds = 2.25;
  trial.worker = "host/0";
  trial.stage = Stage::proxy;
  trial.reason = "U 60.12 dB, \"fast\" <b>";
  trial.metrics.set("params", Quantity::exact(453120, ""));
  trial.metrics.set("latency_ms", Quantity::predicted(12.345, "ms", "model 1", 10, 15));
  trial.metrics.set("proxy_top1", Quantity::measured(55.5, "%", "drawn, seed 1"));
  trial.rungs = {{100, 2, 2.5, 30, 70}, {200, std::nan(""), 1.5, 55.5, 90}};
  trial.prune_below = {25, 0};
  return trial;
}

trial::Trial rejected() {
  trial::Trial trial;
  trial.id = 2;
  trial.state = trial::TrialState::rejected;
  trial.rule = "size";
  trial.stage = Stage::graph;
  trial.reason = "params < 5e5 does not hold";
  trial.parents = {1};
  trial.metrics.set("params", Quantity::exact(1e6, ""));
  constraints::Verdict verdict;
  verdict.constraint = "size";
  verdict.satisfied = false;
  verdict.measured = 1e6;
  verdict.bound = 5e5;
  verdict.violation = 5e5;
  trial.verdicts = {verdict};
  return trial;
}

/// A run by hand, with something in every part that needs no network.
RunReport by_hand() {
  nlohmann::json job = testing::untrained_job();
  job["objective"]["accuracy"] = "top1";
  job["constraints"] = {{{"constraint", "expression"}, {"label", "size"}, {"expression", "params < 5e5"}}};
  RunReport run;
  run.name = "hand";
  run.path = "runs/hand";
  run.space = "columnar";
  run.log10_size = 73.8197;
  run.job = job::job_from_json(job, "job");
  run.trials = {scored(), rejected()};
  run.counts = {{trial::TrialState::scored, 1}, {trial::TrialState::rejected, 1}};
  run.winner = run::RunWinner{scored(), 60.1, scored()};
  run.front = {1};
  run.started = 1000;
  run.ended = 1010;
  run.proposed = {1000.5, 1001};
  run.ledger = analysis::overview::rule_ledger(run.job.constraints, run.trials);
  run.bounds = analysis::overview::metric_bounds(run.job.constraints);
  run.attempts = {{1, 1, "host/0", 1002, 1009, "scored"}};
  run.near_misses = {{2, "size", 1, {{"stage0.column0.width", "64", "32", -0.5, -6e5, {}, {}}}}};
  run.features = {{"stages"}, {1}, {{3}}};
  run.references = {{"reference", 70.5, 100.25, 4e6, 3e8}};
  return run;
}

/// GENSYNTH_WRITE_GOLDEN=1 writes the file anew.
TEST(ReportJson, IsTheGoldenDocument) {
  const std::string path = GENSYNTH_SOURCE_DIR "/tests/golden/report.json";
  nlohmann::ordered_json document = report_json({by_hand()}, 2000, "gensynth test");
  // The job has a format and tests of its own; here it only has to be the run's.
  nlohmann::ordered_json& run = document["runs"][0];
  EXPECT_EQ(run["job"], to_json(by_hand().job));
  EXPECT_EQ(run["objective"], to_json(by_hand().job.objective));
  run.erase("job");
  run.erase("objective");
  const std::string text = document.dump(1) + "\n";
  if (std::getenv("GENSYNTH_WRITE_GOLDEN") != nullptr) write_file_atomically(path, text);
  EXPECT_EQ(text, read_file(path)) << "a change that readers of the version before would misread needs a new version";
}

TEST(ReportJson, IsDocumentedKeyByKey) {
  const std::string page = read_file(GENSYNTH_SOURCE_DIR "/docs/report.md");
  const nlohmann::ordered_json document = report_json({by_hand()}, 2000, "gensynth test");
  const nlohmann::ordered_json& run = document["runs"][0];
  for (const nlohmann::ordered_json* part : {&document, &run, &run["trials"]}) {
    for (const auto& [key, value] : part->items()) {
      EXPECT_NE(page.find("`" + key + "`"), std::string::npos) << key;
    }
  }
}

TEST(ReportJson, HasColumnsOfOneLength) {
  const nlohmann::ordered_json run = report_json({by_hand()}, 2000, "gensynth test")["runs"][0];
  const nlohmann::ordered_json& trials = run["trials"];
  for (const char* key :
       {"ordinal", "feasible", "u", "attempt", "duplicate_of", "core_seconds", "violation", "parents", "proposed_s"}) {
    EXPECT_EQ(trials[key].size(), 2U) << key;
  }
  for (const auto& metric : trials["metrics"]) EXPECT_EQ(metric["value"].size(), 2U) << metric["name"];
  EXPECT_TRUE(trials["metrics"][2]["value"][1].is_null()) << "the second trial was not trained";
}

TEST(ReportJson, OfAnEmptyRunHasEveryKey) {
  RunReport empty = by_hand();
  empty.trials.clear();
  empty.proposed.clear();
  empty.winner.reset();
  const nlohmann::ordered_json run = report_json({empty}, 2000, "gensynth test")["runs"][0];
  EXPECT_TRUE(run["winner"].is_null());
  EXPECT_TRUE(run["credit"].is_null());
  EXPECT_EQ(run["trials"]["count"], 0);
  EXPECT_TRUE(run["trials"]["metrics"].is_array());
}

TEST(NetworkJson, HasTheGraphAndItsKernels) {
  ArchitectureBuilder builder("net", {Layout::map, 3, 32, 32});
  const int conv = builder.add(Convolution{8, {3, 3}, {2, 2}, {1, 1}}, builder.input(), {0, 1, 2, Role::stem}, "first");
  const int norm = builder.add(BatchNorm{}, conv);
  const Architecture net = builder.build(builder.add(GlobalPool{}, norm));
  const analysis::overview::TrialNetwork network{
      7, analysis::profile_network(net, {}, Form::deployed), {"width"}, {"8"}};
  const nlohmann::ordered_json json = network_json(network);
  EXPECT_EQ(json["trial"], 7);
  EXPECT_EQ(json["vertices"]["id"][1], "first");
  EXPECT_EQ(json["vertices"]["column"][1], 1);
  EXPECT_EQ(json["vertices"]["role"][1], "stem");
  EXPECT_EQ(json["vertices"]["inputs"][1], nlohmann::ordered_json::array({0}));
  EXPECT_EQ(json["vertices"]["macs"][1], 8 * 27 * 16 * 16);
  double sum = 0;
  for (const auto& ms : json["kernels"]["ms"]) sum += ms.get<double>();
  EXPECT_NEAR(sum, json["latency_ms"].get<double>(), 1e-5);
  EXPECT_EQ(json["decisions"][0][1], "8");
}

}  // namespace
}  // namespace gensynth::report::html
