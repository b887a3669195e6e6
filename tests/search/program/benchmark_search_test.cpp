#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/search/program/program.hpp"

namespace gensynth::program {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

TEST_F(Program, ComparesStrategiesOnTheColumnarSpace) {
  const std::string command = "benchmark-search --space columnar --strategies regularized_evolution,local_search ";
  const json answer = json::parse(run(command + "--queries 12 --repeats 2 --json").text);
  EXPECT_GE(answer.at("candidates"), 600);
  EXPECT_GT(answer.at("stand_in").at("r2"), 0.5);
  for (const char* strategy : {"regularized_evolution", "local_search"}) {
    const json& at = answer.at("strategies").at(strategy).at("at").at("12");
    EXPECT_LE(at.at("chosen_u").at("mean"), at.at("best_u").at("mean"));
    EXPECT_GT(at.at("hypervolume").at("mean"), 0);
  }
  const Result text = run(command + "--queries 1 --repeats 1");
  EXPECT_EQ(text.code, 0);
  EXPECT_THAT(text.text, HasSubstr("hypervolume of accuracy by latency"));
}

TEST_F(Program, LearnsFromTheTrialsOfRunsAndSavesThem) {
  write("job.json", tiny_job());
  ASSERT_EQ(run("search job.json --out run --quiet").code, 0);
  EXPECT_EQ(run("benchmark-search --space columnar --trained run --save trained.json").code, 0);
  const Result few = run("benchmark-search --space columnar --trained trained.json --strategies random");
  EXPECT_EQ(few.code, 2);
  EXPECT_THAT(few.text, HasSubstr("trained candidates, expected at least 50"));
}

TEST_F(Program, RefusesBenchmarksThatMakeNoSense) {
  const std::vector<std::vector<std::string>> cases = {
      {"benchmark-search --strategies random", "--table is missing"},
      {"benchmark-search --space columnar", "--strategies is missing"},
      {"benchmark-search --space columnr --strategies random", "did you mean 'columnar'"},
      {"benchmark-search --space columnar --strategies randm", "did you mean 'random'"},
      {"benchmark-search --space columnar --strategies random --score x", "--score has no meaning"},
      {"benchmark-search --space columnar --strategies random --trained absent.json", "absent.json"}};
  for (const std::vector<std::string>& words : cases) {
    const Result result = run(words[0]);
    EXPECT_EQ(result.code, 2) << words[0];
    EXPECT_THAT(result.text, HasSubstr(words[1])) << words[0];
  }
}

}  // namespace
}  // namespace gensynth::program
