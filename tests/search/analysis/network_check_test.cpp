#include "search/analysis/network_check.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>

#include "architecture/base/error.hpp"
#include "search/report/networks/check_report.hpp"
#include "tests/search/scratch.hpp"

namespace gensynth::analysis {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

TEST(NetworkCheck, TheDesignRulesAreTheDefault) {
  const NetworkCheck check = check_network(run::resolve_network("zoo:resnet-50"), read_judging("").constraints, {});
  EXPECT_EQ(check.verdicts.size(), 4U);
  EXPECT_FALSE(check.feasible);
  EXPECT_THAT(report::networks::check_text(check), HasSubstr("resnet-50 is infeasible"));
}

TEST(NetworkCheck, DoesNotJudgeConstraintsThatNeedTraining) {
  const testing::Scratch scratch;
  const std::string path = scratch / "rules.json";
  std::ofstream(path) << R"([{"constraint": "expression", "expression": "params < 1e9"},
    {"constraint": "expression", "expression": "params < 1", "hard": false, "label": "tiny"},
    {"constraint": "expression", "expression": "proxy_top1 > 30", "label": "learns"}])";
  run::NetworkRef network = run::resolve_network("zoo:squeezenet-1.1");
  const NetworkCheck untrained = check_network(network, read_judging(path).constraints, {});
  EXPECT_TRUE(untrained.feasible);
  EXPECT_THAT(untrained.not_judged, ElementsAre("learns"));
  const std::string text = report::networks::check_text(untrained);
  EXPECT_THAT(text, HasSubstr("learns: not judged, it needs a trained network\n"));
  EXPECT_THAT(text, HasSubstr("is feasible; soft constraints violated: tiny\n"));
  network.trial.emplace();
  network.trial->metrics.set("proxy_top1", Quantity::measured(20, "%", "test"));
  const NetworkCheck trained = check_network(network, read_judging(path).constraints, {});
  EXPECT_FALSE(trained.feasible);
  EXPECT_TRUE(trained.not_judged.empty());
  const nlohmann::json json = nlohmann::json::parse(report::networks::check_json(trained).dump());
  EXPECT_EQ(json.at("feasible"), false);
  EXPECT_EQ(json.at("verdicts").size(), 3U);
}

TEST(NetworkCheck, AJobStatesItsDevice) {
  const testing::Scratch scratch;
  const std::string path = scratch / "job.json";
  std::ofstream(path) << R"({"constraints": [{"constraint": "expression", "expression": "latency_ms < 1e9"}],
    "out_of_distribution": "allow",
    "device": {"name": "cortex-a72", "runtime": "ncnn", "threads": 4, "input_px": 128}})";
  const CheckSetting setting = read_judging(path).setting;
  EXPECT_EQ(setting.target.runtime, "ncnn");
  EXPECT_EQ(setting.target.threads, 4);
  EXPECT_EQ(setting.input_px, 128);
  EXPECT_TRUE(setting.extrapolate);
  const run::NetworkRef network = run::resolve_network("zoo:mobilenet-v2-1");
  const NetworkCheck check = check_network(network, read_judging(path).constraints, setting);
  const NetworkCheck by_default = check_network(network, read_judging(path).constraints, {});
  EXPECT_LT(check.metrics.at("latency_ms").value, by_default.metrics.at("latency_ms").value / 2);
  EXPECT_THAT(report::networks::check_text(check), HasSubstr("predicted for cortex-a72, ncnn, 4 threads, 1.50 GHz"));
  const nlohmann::json json = nlohmann::json::parse(report::networks::check_json(check).dump());
  EXPECT_EQ(json.at("target").at("runtime"), "ncnn");
  EXPECT_EQ(json.at("target").at("threads"), 4);
  const std::string bad = scratch / "bad.json";
  std::ofstream(bad) << R"({"constraints": [], "device": {"thread": 4}})";
  EXPECT_THAT([&] { (void)read_judging(bad); }, ThrowsMessage<Error>(HasSubstr("/device")));
}

TEST(NetworkCheck, ANetworkOfARunIsJudgedByItsJob) {
  const testing::Scratch scratch;
  const std::string folder = scratch / "run";
  nlohmann::json job = testing::untrained_job();
  job["device"] = {{"name", "cortex-a72"}, {"runtime", "ncnn"}, {"threads", 4}};
  (void)testing::search(folder, job);
  const run::NetworkRef network = run::resolve_network(folder);
  const Judging judging = read_judging("", network.run);
  EXPECT_EQ(judging.setting.target.runtime, "ncnn");
  const NetworkCheck check = check_network(network, judging.constraints, judging.setting);
  ASSERT_EQ(check.verdicts.size(), 1U);
  EXPECT_EQ(check.verdicts[0].constraint, "small");
  EXPECT_TRUE(check.feasible);
  EXPECT_THAT(judging.rules, HasSubstr("the job of " + folder));
}

TEST(NetworkCheck, TheFileIsReadOnce) {
  const testing::Scratch scratch;
  const std::string pipe = scratch / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  std::thread writer([&] {
    std::ofstream(pipe)
        << R"({"constraints": [{"constraint": "expression", "expression": "params < 1"}], "device": {"threads": 2}})";
  });
  const Judging judging = read_judging(pipe);
  writer.join();
  EXPECT_EQ(judging.constraints.size(), 1U);
  EXPECT_EQ(judging.setting.target.threads, 2);
}

TEST(NetworkCheck, AFileOfAnotherKindIsAnError) {
  const testing::Scratch scratch;
  const std::string path = scratch / "other.json";
  std::ofstream(path) << R"({"networks": []})";
  EXPECT_THAT([&] { (void)read_judging(path).constraints; }, ThrowsMessage<Error>(HasSubstr("array of constraints")));
}

}  // namespace
}  // namespace gensynth::analysis
