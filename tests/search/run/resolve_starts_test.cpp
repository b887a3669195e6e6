#include "search/run/resolve_starts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "architecture/base/error.hpp"
#include "architecture/base/json_reader.hpp"
#include "architecture/hash.hpp"
#include "architecture/serialize.hpp"
#include "architecture/zoo/zoo.hpp"
#include "generator/make_space.hpp"
#include "search/job/job.hpp"
#include "search/loop/run_search.hpp"
#include "search/result/result_files.hpp"
#include "search/run/run.hpp"
#include "tests/search/scratch.hpp"

namespace gensynth::run {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// A job whose file is in the scratch folder, and the result of resolving its only start.
struct Resolved {
  job::Job job;
  std::vector<std::string> notes;
  const job::Start& start() const { return job.start_from.at(0); }
};

class ResolveStarts : public ::testing::Test {
 protected:
  Resolved resolve(json entry, json text = testing::untrained_job("generative_synthesis")) const {
    text["start_from"] = json::array({std::move(entry)});
    Resolved result{job::job_from_json(text, scratch / "job.json"), {}};
    result.notes = resolve_starts(result.job);
    return result;
  }
  void expect_refused(const json& entry, const std::vector<std::string>& words) const {
    try {
      (void)resolve(entry);
      ADD_FAILURE() << entry << " was taken";
    } catch (const Error& error) {
      EXPECT_THAT(error.what(), HasSubstr("job.json: /start_from/0"));
      for (const std::string& word : words) EXPECT_THAT(error.what(), HasSubstr(word));
    }
  }
  space::Genotype some() const {
    Rng rng(12);
    return space->sample(rng);
  }

  testing::Scratch scratch;
  std::unique_ptr<space::SearchSpace> space = generator::make_space(testing::untrained_job()["space"], "job", "/space");
};

TEST_F(ResolveStarts, AFileThatKeepsItsGenotypeIsThatNetwork) {
  write_architecture(space->build(some()), scratch / "net.json", some());
  const Resolved of_file = resolve("net.json");
  EXPECT_EQ(of_file.start().genotype, some());
  EXPECT_EQ(of_file.start().distance, 0);
  EXPECT_EQ(of_file.start().net, scratch / "net.json") << "absolute, so that the run's job stays right";
  EXPECT_THAT(of_file.notes, ElementsAre(HasSubstr("net.json is of this space, known by its genotype")));
}

TEST_F(ResolveStarts, AGenotypeThatBuildsAnotherNetworkIsNotBelieved) {
  json text = testing::untrained_job();
  text["space"] = {{"kind", "nasbench201"}};
  const auto cells = generator::make_space(text["space"], "job", "/space");
  const Architecture network = cells->build({3, 1, 0, 2, 3, 1});
  write_architecture(network, scratch / "net.json", {3, 1, 0, 2, 3, 2});
  const Resolved of_file = resolve("net.json", text);
  EXPECT_THAT(of_file.notes, ElementsAre(::testing::Not(HasSubstr("known by its genotype"))));
  EXPECT_TRUE(isomorphic(cells->build(*of_file.start().genotype), network)) << "it was looked for";
}

TEST_F(ResolveStarts, ANetworkOfTheZooBeginsAtTheNearestOne) {
  json text = testing::untrained_job();
  text["space"] = {{"kind", "nasbench201"}};
  const Resolved of_cell =
      resolve("zoo:nb201:|nor_conv_3x3~0|+|none~0|skip_connect~1|+|nor_conv_1x1~0|nor_conv_3x3~1|none~2|", text);
  const auto cells = generator::make_space(text["space"], "job", "/space");
  EXPECT_EQ(of_cell.start().distance, 0);
  EXPECT_TRUE(isomorphic(cells->build(*of_cell.start().genotype), cells->build({3, 0, 1, 2, 3, 0})));
  const Resolved foreign = resolve("zoo:mobilenet-v1-0.25", text);
  EXPECT_GT(foreign.start().distance, 0.1);
  EXPECT_THAT(foreign.notes, ElementsAre(::testing::AllOf(HasSubstr("was not found in this space"),
                                                          HasSubstr("at 32 px with 10 classes"))));
}

TEST_F(ResolveStarts, TheEffectiveJobNeedsTheNetworkNoLonger) {
  write_architecture(space->build(some()), scratch / "net.json", some());
  const Resolved first = resolve("net.json");
  const json effective = json::parse(to_json(first.job).dump());
  std::filesystem::remove(scratch / "net.json");
  job::Job again = job::job_from_json(effective, scratch / "elsewhere/job.json");
  EXPECT_THAT(resolve_starts(again), ::testing::IsEmpty());
  EXPECT_EQ(again.start_from.at(0).genotype, some());
  EXPECT_EQ(json::parse(to_json(again).dump()), effective);
}

TEST_F(ResolveStarts, RefusesWhatCannotBeMeant) {
  expect_refused("absent.json", {"absent.json", "no such file"});
  expect_refused("zoo:mobilnet-v1-1", {"did you mean"});
  ArchitectureBuilder grey("grey", Shape{Layout::map, 1, 32, 32});
  write_architecture(grey.build(grey.add(Linear{10}, {grey.add(GlobalPool{}, {0})})), scratch / "grey.json");
  expect_refused("grey.json", {"grey.json", "1 channels", "3"});
  ArchitectureBuilder headless("headless", Shape{Layout::map, 3, 32, 32});
  write_architecture(headless.build(headless.add(GlobalPool{}, {0})), scratch / "headless.json");
  expect_refused("headless.json", {"headless.json", "linear"});
  std::ofstream(scratch / "broken.json") << "{";
  expect_refused("broken.json", {"broken.json"});
}

/// One search finds a network; another begins there.
TEST_F(ResolveStarts, TheWinnerOfOneRunStartsAnother) {
  json text = testing::untrained_job("generative_synthesis");
  text["strategy"].update({{"candidates", 6}, {"explore", 2}, {"teaching", {{"rounds", 1}, {"samples", 4}}}});
  run::Run first = run::Run::create(scratch / "run", job::job_from_json(text, scratch / "job.json"));
  const loop::SearchOutcome outcome = loop::run_search(first, {}, {});
  ASSERT_TRUE(outcome.best);
  (void)result::write_result(first, *outcome.best);
  text["seed"] = 99;
  text["budget"]["trials"] = 3;
  for (const char* net : {"run", "run/result/attendnext.json"}) {
    const Resolved second = resolve(net, text);
    EXPECT_EQ(second.start().genotype, outcome.best->genotype) << net;
    EXPECT_EQ(second.start().distance, 0) << net;
  }
  text["start_from"] = {"run"};
  run::Run next = run::Run::create(scratch / "next", job::job_from_json(text, scratch / "job.json"));
  EXPECT_EQ(next.notes().size(), 1U);
  (void)loop::run_search(next, {}, {});
  EXPECT_EQ(next.store().get(1)->genotype, outcome.best->genotype);
  EXPECT_EQ(next.store().get(1)->u, outcome.best->u);
}

}  // namespace
}  // namespace gensynth::run
