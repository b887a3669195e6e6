// Networks that a taught generator emits for a user's own space, a hard and an impossible constraint.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "tests/search/program/program.hpp"

namespace gensynth::program {
namespace {

using ::testing::HasSubstr;

class ProgramGenerate : public Program {
 protected:
  static json columnar_job() {
    return {{"format", "gensynth.job"},
            {"version", 1},
            {"space", {{"kind", "columnar"}, {"px", 64}, {"classes", 10}}},
            {"strategy", {{"kind", "generative_synthesis"}}},
            {"constraints",
             {{{"constraint", "expression"}, {"label", "size"}, {"expression", "params < 4e6 and latency_ms < 200"}},
              {{"constraint", "no_strided_pointwise"}}}},
            {"objective", {{"accuracy", "top1"}}},
            {"proxy", nullptr},
            {"budget", {{"trials", 12}}},
            {"seed", 4}};
  }
  /// A job in the space file that ships as an example.
  static json file_space_job(const std::string& expression) {
    json job = columnar_job();
    job["space"] = {{"kind", "file"}, {"path", SPACE_FILE}};
    job["constraints"] = {{{"constraint", "expression"}, {"label", "asked"}, {"expression", expression}}};
    return job;
  }
  json emitted(const std::string& arguments) const {
    return json::parse(run("generate " + arguments + " --json").text);
  }
};

TEST_F(ProgramGenerate, EmitsDistinctNetworksOfTheRequestedLatencies) {
  write("job.json", columnar_job());
  ASSERT_EQ(run("search job.json --out run -q").code, 0);
  const Result text = run("generate run --count 4 --seed 7 --latency-ms 10,20,40 --out nets");
  EXPECT_EQ(text.code, 0) << text.text;
  const json answer = emitted("run --count 4 --seed 7 --latency-ms 10,20,40");
  ASSERT_EQ(answer.at("networks").size(), 12U);
  std::map<double, std::set<std::string>> hashes;
  for (const json& network : answer.at("networks")) {
    const double asked = network.at("asked_latency_ms").get<double>();
    EXPECT_TRUE(hashes[asked].insert(network.at("hash").get<std::string>()).second) << "a repeat";
    const std::string file = "nets/" + network.at("name").get<std::string>() + ".json";
    const json profile = json::parse(run("profile " + file + " --json").text);
    EXPECT_NEAR(profile.at("latency_ms").get<double>(), asked, 0.1 * asked) << file;
    EXPECT_EQ(run("check " + file + " --constraints job.json").code, 0) << file;
  }
  for (const double asked : {10.0, 20.0, 40.0}) EXPECT_EQ(hashes[asked].size(), 4U);
}

TEST_F(ProgramGenerate, ReportsTheNearestLatencyForOneOutOfReach) {
  write("job.json", columnar_job());
  ASSERT_EQ(run("search job.json --out run --trials 6 -q").code, 0);
  const Result fast = run("generate run --count 2 --samples 640 --latency-ms 0.05");
  EXPECT_EQ(fast.code, 1);
  EXPECT_THAT(fast.text, HasSubstr("nothing near 0.05 ms was found"));
  EXPECT_THAT(fast.text, HasSubstr("the fastest takes"));
  const Result slow = run("generate run --count 2 --samples 640 --latency-ms 500");
  EXPECT_EQ(slow.code, 1);
  EXPECT_THAT(slow.text, HasSubstr("nothing near 500 ms was found"));
  EXPECT_THAT(slow.text, HasSubstr("the slowest takes"));
  const json answer = emitted("run --count 2 --samples 640 --latency-ms 0.05");
  const json request = answer.at("requests")[0];
  EXPECT_EQ(request.at("emitted"), 0);
  EXPECT_GT(request.at("least_latency_ms").get<double>(), 0.055);
  EXPECT_LT(request.at("greatest_latency_ms").get<double>(), 200) << "those that meet the constraints";
}

TEST_F(ProgramGenerate, RefusesBadFlagsAndRunsWithoutAGenerator) {
  json job = columnar_job();
  write("job.json", job);
  job["strategy"] = {{"kind", "random"}};
  write("random.json", job);
  ASSERT_EQ(run("search job.json --out run --trials 2 -q").code, 0);
  ASSERT_EQ(run("search random.json --out random --trials 2 -q").code, 0);
  const std::vector<std::vector<std::string>> cases = {
      {"generate run --count 0", "--count"},         {"generate run --latency-ms 10,-3", "--latency-ms"},
      {"generate run --latency-ms ten", "ten"},      {"generate run --seed -1", "--seed"},
      {"generate run --cuont 3", "'--count'"},       {"generate", "RUN"},
      {"generate absent", "absent: no such folder"}, {"generate random", "'random' has no generator"},
      {"generate run --samples 0", "--samples"},     {"generate run --out job.json", "job.json"}};
  for (const std::vector<std::string>& words : cases) {
    const Result result = run(words[0]);
    EXPECT_EQ(result.code, 2) << words[0];
    EXPECT_THAT(result.text, HasSubstr(words[1])) << words[0];
  }
}

TEST_F(ProgramGenerate, AUsersSpaceWithAHardConstraint) {
  write("job.json", file_space_job("params < 30e3 and macs < 30e6 and latency_ms > 10 and latency_ms < 20"));
  ASSERT_EQ(run("search job.json --out run -q").code, 0);
  for (const json& trial : lines("log run list --json")) EXPECT_EQ(trial.at("feasible"), true);
  const json answer = emitted("run --count 5 --raw 200");
  std::set<std::string> hashes;
  for (const json& network : answer.at("networks")) {
    hashes.insert(network.at("hash").get<std::string>());
    EXPECT_LT(network.at("params").get<double>(), 30e3);
    EXPECT_NEAR(network.at("latency_ms").get<double>(), 15, 5);
  }
  EXPECT_EQ(hashes.size(), 5U);
  EXPECT_GT(answer.at("raw").at("share").get<double>(), 0.8);
}

TEST_F(ProgramGenerate, AnImpossibleConstraintEndsWithTheBudgetAndSaysWhy) {
  json job = file_space_job("params < 100");
  job["budget"]["proposals"] = 600;
  write("job.json", job);
  const Result search = run("search job.json --out run -q");
  EXPECT_EQ(search.code, 1);
  for (const char* part :
       {"the budget of 600 proposals is used up", "no feasible candidate", "closest miss", "asked"}) {
    EXPECT_THAT(search.text, HasSubstr(part));
  }
  const Result resumed = run("search --out run --resume -q --json");
  EXPECT_EQ(resumed.code, 1);
  const json outcome = json::parse(resumed.text);
  EXPECT_EQ(outcome.at("end"), "out_of_proposals");
  EXPECT_TRUE(outcome.at("winner").is_null());
  EXPECT_GT(outcome.at("rejects").at("asked").at("closest").get<double>(), 1);
  const Result generate = run("generate run --count 2 --samples 640");
  EXPECT_EQ(generate.code, 1);
  for (const char* part : {"the budget of 640 samples is used up", "asked", "100.0 %", "off the bound"}) {
    EXPECT_THAT(generate.text, HasSubstr(part));
  }
}

TEST_F(ProgramGenerate, BudgetsOfTimeHoldWhereNothingIsFeasible) {
  json job = columnar_job();
  job["constraints"][0]["expression"] = "params < 10";
  job["budget"]["proposals"] = 1'000'000'000;
  job["budget"]["minutes"] = 0.01;
  write("job.json", job);
  const json outcome = json::parse(run("search job.json --out run -q --json").text);
  EXPECT_EQ(outcome.at("end"), "out_of_time");
}

TEST_F(ProgramGenerate, AnEmittedNetworkStartsAnotherSearch) {
  json job = columnar_job();
  write("job.json", job);
  ASSERT_EQ(run("search job.json --out run --trials 3 -q").code, 0);
  ASSERT_EQ(run("generate run --seed 3 --out nets").code, 0);
  const json network = emitted("run --seed 3").at("networks")[0];
  const std::string file = "nets/" + network.at("name").get<std::string>() + ".json";
  job["start_from"] = {file};
  job["seed"] = 77;
  write("next.json", job);
  const Result next = run("search next.json --out next --trials 2");
  EXPECT_EQ(next.code, 0) << next.text;
  EXPECT_THAT(next.text, HasSubstr("is of this space, known by its genotype"));
  EXPECT_EQ(lines("log next list --json")[0].at("genotype"), network.at("genotype"));
  job["start_from"] = {"absent.json"};
  write("next.json", job);
  const Result refused = run("search next.json --out other");
  EXPECT_EQ(refused.code, 2);
  EXPECT_THAT(refused.text, HasSubstr("/start_from/0"));
  EXPECT_THAT(refused.text, HasSubstr("absent.json"));
  EXPECT_FALSE(fs::exists(folder + "/other"));
}

}  // namespace
}  // namespace gensynth::program
