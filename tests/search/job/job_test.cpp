#include "search/job/job.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "architecture/base/error.hpp"
#include "architecture/base/json_reader.hpp"
#include "tests/search/scratch.hpp"

namespace gensynth::job {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;
using testing::untrained_job;

void expect_refused(const json& job, const std::string& place, const std::string& what) {
  EXPECT_THAT([&] { (void)job_from_json(job, "my.json"); },
              ThrowsMessage<Error>(AllOf(HasSubstr("my.json"), HasSubstr(place), HasSubstr(what))))
      << job.dump();
}

json with(const std::string& pointer, const json& value) {
  json job = untrained_job();
  job[json::json_pointer(pointer)] = value;
  return job;
}

/// A space of one network with the given input.
json space_with_input(const json& input) {
  return {{"kind", "file"},
          {"space",
           {{"format", "gensynth.space"},
            {"version", 1},
            {"name", "small"},
            {"input", input},
            {"vertices",
             {{{"id", "stem"},
               {"op", "convolution"},
               {"inputs", {"input"}},
               {"out", {{"choose", {8, 16}}}},
               {"kernel", 3},
               {"stride", 1},
               {"padding", 1}},
              {{"id", "pool"}, {"op", "global_pool"}, {"inputs", {"stem"}}},
              {{"id", "classes"}, {"op", "linear"}, {"inputs", {"pool"}}, {"out", 10}}}},
            {"output", "classes"}}}};
}

TEST(Job, RefusesWhatProxyTrainingCannotTrain) {
  json job = untrained_job();
  job["proxy"] = {{"images", 64}};
  const auto with_space = [&](const json& input) {
    json changed = job;
    changed["space"] = space_with_input(input);
    return changed;
  };
  EXPECT_NO_THROW(job_from_json(with_space({1, 3, 24, 24}), "my.json"));
  expect_refused(with_space({1, 3, 24, 48}), "/space", "24 x 48 pixels");
  expect_refused(with_space({1, 1, 24, 24}), "/space", "1 channels");
  json untrained = with_space({1, 1, 24, 48});
  untrained["proxy"] = nullptr;
  EXPECT_NO_THROW(job_from_json(untrained, "my.json"));
  json no_holdout = job;
  no_holdout["data"]["holdout"] = 0;
  expect_refused(no_holdout, "/data/holdout", "more than 0");
  json wide_shift = job;
  wide_shift["data"]["px"] = 16;
  wide_shift["proxy"]["shift"] = 16;
  expect_refused(wide_shift, "/proxy/shift", "16 px");
}

TEST(Job, RefusesWhatIsWrongAndSaysWhere) {
  expect_refused(with("/sead", 1), "sead", "did you mean 'seed'");
  expect_refused(with("/budget/trails", 1), "/budget", "did you mean 'trials'");
  expect_refused(with("/batch", "8"), "batch", "");
  expect_refused(with("/budget/trials", 0), "/budget/trials", "0");
  expect_refused(with("/strategy/kind", "randon"), "/strategy", "did you mean 'random'");
  expect_refused(with("/device", {{"name", "cortex-a27"}}), "device", "cortex-a72");
  expect_refused(with("/constraints/0/constraint", "expresion"), "/constraints/0", "did you mean 'expression'");
  expect_refused(with("/start_from", json::array({{99, 99}})), "start_from", "space");
  expect_refused(with("/start_from", json::array({1.5})), "start_from", "genotype");
  expect_refused(with("/objective/accuracy", "proxy_top1"), "objective", "proxy training");
  expect_refused(with("/out_of_distribution", "alow"), "out_of_distribution", "allow");
  expect_refused(with("/version", 2), "version", "2");
  json no_space = untrained_job();
  no_space.erase("space");
  expect_refused(no_space, "space", "");
}

TEST(Job, ExamplesAreJobs) {
  for (const char* name : {"demo.json", "start_from.json"}) {
    const Job job = read_job(std::string(GENSYNTH_SOURCE_DIR) + "/examples/" + name);
    EXPECT_EQ(job.start_from.size(), std::string(name) == "start_from.json" ? 1U : 0U);
  }
}

TEST(Job, IsTheSameAfterItsEffectiveFormIsRead) {
  json text = untrained_job("regularized_evolution");
  text["proxy"] = {{"images", 640}, {"rungs", {320, 640}}, {"prune_quantile", 0.25}};
  text["seed"] = 77;
  text["out_of_distribution"] = "allow";
  text["device"] = {{"threads", 1}, {"input_px", 64}};
  const Job job = job_from_json(text, "/tmp/my.json");
  const json effective = json(to_json(job));
  EXPECT_EQ(json(to_json(job_from_json(effective, "/elsewhere/job.json"))), effective);
  EXPECT_EQ(effective.at("seed"), 77);
  EXPECT_EQ(job.out_of_distribution, OutOfDistribution::allow);
  EXPECT_EQ(effective.at("out_of_distribution"), "allow");
  EXPECT_EQ(job_from_json(untrained_job(), "job").out_of_distribution, OutOfDistribution::reject);
  EXPECT_EQ(effective.at("proxy").at("prune_quantile"), 0.25);
  EXPECT_EQ(effective.at("strategy").at("population"), 30);
}

TEST(Job, AWordIsShortForAnObjective) {
  json text = untrained_job();
  text["objective"] = "most_accurate";
  const Job job = job_from_json(text, "job");
  EXPECT_EQ(job.objective.goal, assessment::Goal::most_accurate);
  EXPECT_EQ(json(to_json(job)).at("objective").at("beta"), 0);
  // Without a floor the most accurate network is no toy.
  EXPECT_THAT(job_warnings(job), ::testing::Not(::testing::Contains(HasSubstr("floor"))));
  expect_refused(with("/objective", "most_acurate"), "objective", "most_accurate");
}

TEST(Job, TheFastestNeedsAFloorUnderTheAccuracy) {
  json text = untrained_job();
  text["objective"] = "fastest";
  text["constraints"] = {{{"constraint", "top1"}, {"hard", false}}};
  expect_refused(text, "objective/goal", "hard constraint on accuracy");
  text["constraints"] = {{{"constraint", "expression"}, {"expression", "top1 > 60"}}};
  EXPECT_EQ(job_from_json(text, "job").objective.goal, assessment::Goal::fastest);
}

TEST(Job, ResolvesPathsAgainstItsFile) {
  json text = untrained_job();
  text["data"] = {{"kind", "folder"}, {"path", "images"}};
  EXPECT_EQ(job_from_json(text, "/data/jobs/my.json").data.paths, std::vector<std::string>{"/data/jobs/images"});
  text["data"]["path"] = "/abs/images";
  EXPECT_EQ(job_from_json(text, "/data/jobs/my.json").data.paths, std::vector<std::string>{"/abs/images"});
}

TEST(Job, TheStarterJobIsOne) {
  const Job job = job_from_json(parse_json(starter_job(), "starter"), "starter");
  EXPECT_TRUE(job.proxy.enabled);
  EXPECT_EQ(job.proxy.train.rungs, (std::vector<std::int64_t>{4000, 12000}));
  EXPECT_TRUE(job_warnings(job).empty());
}

TEST(Job, WarnsOfAMissingAccuracyFloor) {
  EXPECT_THAT(job_warnings(job_from_json(untrained_job(), "j")), ::testing::Contains(HasSubstr("floor")));
  Job foreign = job_from_json(untrained_job(), "j");
  foreign.constraints = {{"of_a_plugin", "of_a_plugin", "/a.so", true, 1, {{"expression", 3}}}};  // of any type
  EXPECT_THAT(job_warnings(foreign), ::testing::Contains(HasSubstr("floor")));
  const json floored = with("/constraints", {{{"constraint", "top1"}}});
  EXPECT_THAT(job_warnings(job_from_json(floored, "j")), ::testing::Not(::testing::Contains(HasSubstr("floor"))));
}

}  // namespace
}  // namespace gensynth::job
