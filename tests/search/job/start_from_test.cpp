#include "search/job/start_from.hpp"

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
#include "search/loop/result_files.hpp"
#include "search/loop/run_search.hpp"
#include "search/run/run_folder.hpp"
#include "search/store/store.hpp"
#include "tests/search/scratch.hpp"

namespace gensynth::job {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

class StartFrom : public ::testing::Test {
 protected:
  /// A job whose file lies in the scratch folder.
  Job job(json entry, json text = testing::untrained_job("generative_synthesis")) const {
    text["start_from"] = json::array({std::move(entry)});
    return job_from_json(text, scratch / "job.json");
  }
  void expect_refused(const json& entry, const std::vector<std::string>& words) const {
    try {
      (void)job(entry);
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

TEST_F(StartFrom, AFileThatKeepsItsGenotypeIsThatNetwork) {
  write_architecture(space->build(some()), scratch / "net.json", some());
  const Job of_file = job("net.json");
  ASSERT_EQ(of_file.start_from.size(), 1U);
  EXPECT_EQ(of_file.start_from[0].genotype, some());
  EXPECT_EQ(of_file.start_from[0].distance, 0);
  EXPECT_EQ(of_file.start_from[0].net, scratch / "net.json") << "absolute, so that the run's job stays right";
  EXPECT_THAT(of_file.start_from[0].note, HasSubstr("known by its genotype"));
}

TEST_F(StartFrom, AGenotypeThatBuildsAnotherNetworkIsNotBelieved) {
  json text = testing::untrained_job();
  text["space"] = {{"kind", "nasbench201"}};
  const auto cells = generator::make_space(text["space"], "job", "/space");
  const Architecture network = cells->build({3, 1, 0, 2, 3, 1});
  write_architecture(network, scratch / "net.json", {3, 1, 0, 2, 3, 2});
  const Start start = job("net.json", text).start_from[0];
  EXPECT_THAT(start.note, ::testing::Not(HasSubstr("known by its genotype")));
  EXPECT_TRUE(isomorphic(cells->build(start.genotype), network)) << "it was looked for";
}

TEST_F(StartFrom, ANetworkOfTheZooBeginsAtTheNearestOne) {
  json text = testing::untrained_job();
  text["space"] = {{"kind", "nasbench201"}};
  const Job of_cell =
      job("zoo:nb201:|nor_conv_3x3~0|+|none~0|skip_connect~1|+|nor_conv_1x1~0|nor_conv_3x3~1|none~2|", text);
  const auto cells = generator::make_space(text["space"], "job", "/space");
  EXPECT_EQ(of_cell.start_from[0].distance, 0);
  EXPECT_TRUE(isomorphic(cells->build(of_cell.start_from[0].genotype), cells->build({3, 0, 1, 2, 3, 0})));
  const Job foreign = job("zoo:mobilenet-v1-0.25", text);
  EXPECT_GT(foreign.start_from[0].distance, 0.1);
  EXPECT_THAT(foreign.start_from[0].note, HasSubstr("was not found in this space"));
  EXPECT_THAT(foreign.start_from[0].note, HasSubstr("at 32 px with 10 classes"));
}

TEST_F(StartFrom, TheEffectiveJobNeedsTheNetworkNoLonger) {
  write_architecture(space->build(some()), scratch / "net.json", some());
  const Job first = job("net.json");
  const json effective = json::parse(to_json(first).dump());
  std::filesystem::remove(scratch / "net.json");
  const Job again = job_from_json(effective, scratch / "elsewhere/job.json");
  EXPECT_EQ(again.start_from[0].genotype, some());
  EXPECT_EQ(json::parse(to_json(again).dump()), effective);
}

TEST_F(StartFrom, RefusesWhatCannotBeMeant) {
  expect_refused("absent.json", {"absent.json", "no such file"});
  expect_refused("zoo:mobilnet-v1-1", {"did you mean"});
  expect_refused(3.5, {"expected a genotype", "zoo:NAME"});
  expect_refused(json::array({1, "x"}), {"expected a genotype"});
  expect_refused(json::array({99, 99}), {"not of the job's space"});
  json wrapped = some();  // a first answer that 32 bits would make the right one
  wrapped[0] = wrapped[0].get<std::int64_t>() + (std::int64_t{1} << 32);
  expect_refused(wrapped, {"expected a genotype"});
  expect_refused({{"net", "x"}, {"genotype", some()}, {"distanc", 1}}, {"distanc"});
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
TEST_F(StartFrom, TheWinnerOfOneRunStartsAnother) {
  json text = testing::untrained_job("generative_synthesis");
  text["strategy"].update({{"candidates", 6}, {"explore", 2}, {"teaching", {{"rounds", 1}, {"samples", 4}}}});
  const Job first = job_from_json(text, scratch / "job.json");
  const run::RunFolder run = run::create_run(scratch / "run", first);
  (void)store::Store::create(run.database());
  const loop::SearchOutcome outcome = loop::run_search(run, first, {}, {});
  ASSERT_TRUE(outcome.best);
  (void)loop::write_result(run, first, *outcome.best);
  text["seed"] = 99;
  text["budget"]["trials"] = 3;
  for (const char* net : {"run", "run/result/attendnext.json"}) {
    const Job second = job(net, text);
    EXPECT_EQ(second.start_from[0].genotype, outcome.best->genotype) << net;
    EXPECT_EQ(second.start_from[0].distance, 0) << net;
    if (std::string(net) != "run") continue;
    const run::RunFolder next = run::create_run(scratch / "next", second);
    const auto store = store::Store::create(next.database());
    (void)loop::run_search(next, second, {}, {});
    EXPECT_EQ(store->get(1)->genotype, outcome.best->genotype);
    EXPECT_EQ(store->get(1)->u, outcome.best->u);
  }
}

}  // namespace
}  // namespace gensynth::job
