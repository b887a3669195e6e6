#include <gmock/gmock.h>

#include "tests/search/program/program.hpp"

namespace gensynth::program {
namespace {

using ::testing::HasSubstr;

TEST_F(Program, PluginsJudgeFreely) {
  json job = tiny_job();
  job["proxy"] = nullptr;
  job["objective"]["accuracy"] = "top1";
  job["constraints"].push_back(
      {{"constraint", "max_skip_length"}, {"plugin", MAX_SKIP_LENGTH_PLUGIN}, {"bound", 10000}, {"hard", true}});
  write("accepting.json", job);
  EXPECT_EQ(run("search accepting.json --out yes -q").code, 0);
  job["constraints"][1]["bound"] = 1;
  job["budget"]["proposals"] = 40;
  write("rejecting.json", job);
  EXPECT_THAT(run("search rejecting.json --dry-run").text, HasSubstr("max_skip_length"));
  const Result no = run("search rejecting.json --out no -q");
  EXPECT_EQ(no.code, 1) << no.text;
  EXPECT_TRUE(lines("log no list --json").empty()) << "no trial was used up";
  int rejected = 0;
  for (const json& trial : lines("log no list --state rejected --json")) {
    if (trial.at("rule") != "max_skip_length") continue;
    ++rejected;
    EXPECT_EQ(trial.at("stage"), "graph");
  }
  EXPECT_GT(rejected, 0);
}

TEST_F(Program, AHostilePluginTakesNothingDown) {
  json job = tiny_job();
  job["proxy"] = nullptr;
  job["objective"]["accuracy"] = "top1";
  job["budget"]["proposals"] = 200;
  job["constraints"].push_back({{"constraint", "hostile"}, {"plugin", HOSTILE_PLUGIN}, {"how", "exit"}});
  write("always.json", job);
  const Result check = run("check zoo:squeezenet-1.1 --constraints always.json");
  EXPECT_NE(check.code, 0);
  EXPECT_THAT(check.text, HasSubstr("its process ended with code 0"));
  const Result always = run("search always.json --out always -q");
  EXPECT_NE(always.code, 0);
  EXPECT_THAT(always.text, HasSubstr("networks in a row"));
  job["constraints"].erase(0);  // the plugin alone decides
  job["constraints"].back()["from_params"] = 1000000;
  for (const char* how : {"exit", "crash", "fork"}) {
    job["constraints"].back()["how"] = how;
    write("some.json", job);
    const Result some = run(std::string("search some.json -q --out ") + how);
    EXPECT_EQ(some.code, 0) << how << ": " << some.text;
    for (const json& trial : lines(std::string("log ") + how + " list --state scored --json")) {
      if (how != std::string("fork")) EXPECT_LT(trial.at("metrics").at("params").at("value"), 1000000);
    }
  }
  const Result refused = run("check zoo:squeezenet-1.1 --constraints always.json --json");
  EXPECT_NE(refused.code, 0);
}

TEST_F(Program, ReadingARunNeedsNoPlugin) {
  const std::string copy = folder + "/plugin.so";
  fs::copy_file(MAX_SKIP_LENGTH_PLUGIN, copy);
  json job = tiny_job();
  job["proxy"] = nullptr;
  job["objective"]["accuracy"] = "top1";
  job["constraints"].push_back({{"constraint", "max_skip_length"}, {"plugin", copy}, {"bound", 10000}});
  write("job.json", job);
  ASSERT_EQ(run("search job.json --out run -q").code, 0);
  fs::remove(copy);
  const json first = lines("log run list --json").at(0);
  const std::string trial = std::to_string(first.at("trial").get<int>());
  for (const std::string& command : {"log run", "log run list", "log run front", "log run rejects", "profile run",
                                     "compare run zoo:squeezenet-1.1", "export run --format json --out net.json"}) {
    const Result read = run(command);
    EXPECT_EQ(read.code, 0) << command << ": " << read.text;
  }
  for (const std::string& command : {"log run show " + trial, "log run why " + trial}) {
    const Result read = run(command);
    EXPECT_EQ(read.code, 0) << command << ": " << read.text;
  }
  EXPECT_THAT(run("search --out run --resume --trials 9 -q").text, HasSubstr("plugin.so: no such file"));
}

}  // namespace
}  // namespace gensynth::program
