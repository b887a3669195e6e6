#include "search/analysis/network_check.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "architecture/base/error.hpp"
#include "search/report/networks/check_report.hpp"
#include "tests/search/scratch.hpp"

namespace gensynth::analysis {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

TEST(NetworkCheck, TheDesignRulesAreTheDefault) {
  const NetworkCheck check = check_network(run::resolve_network("zoo:resnet-50"), read_constraints(""), {});
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
  const NetworkCheck untrained = check_network(network, read_constraints(path), {});
  EXPECT_TRUE(untrained.feasible);
  EXPECT_THAT(untrained.not_judged, ElementsAre("learns"));
  const std::string text = report::networks::check_text(untrained);
  EXPECT_THAT(text, HasSubstr("learns: not judged, it needs a trained network\n"));
  EXPECT_THAT(text, HasSubstr("is feasible; soft constraints violated: tiny\n"));
  network.trial.emplace();
  network.trial->metrics.set("proxy_top1", Quantity::measured(20, "%", "test"));
  const NetworkCheck trained = check_network(network, read_constraints(path), {});
  EXPECT_FALSE(trained.feasible);
  EXPECT_TRUE(trained.not_judged.empty());
  const nlohmann::json json = nlohmann::json::parse(report::networks::check_json(trained).dump());
  EXPECT_EQ(json.at("feasible"), false);
  EXPECT_EQ(json.at("verdicts").size(), 3U);
}

TEST(NetworkCheck, AFileOfAnotherKindIsAnError) {
  const testing::Scratch scratch;
  const std::string path = scratch / "other.json";
  std::ofstream(path) << R"({"networks": []})";
  EXPECT_THAT([&] { (void)read_constraints(path); }, ThrowsMessage<Error>(HasSubstr("array of constraints")));
}

}  // namespace
}  // namespace gensynth::analysis
