#include "search/job/start_from.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "architecture/base/error.hpp"
#include "generator/make_space.hpp"
#include "search/job/job.hpp"
#include "tests/search/scratch.hpp"

namespace gensynth::job {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

Job job_with(json entry) {
  json text = testing::untrained_job("generative_synthesis");
  text["start_from"] = json::array({std::move(entry)});
  return job_from_json(text, "/somewhere/job.json");
}

space::Genotype some() {
  Rng rng(12);
  return generator::make_space(testing::untrained_job()["space"], "job", "/space")->sample(rng);
}

void expect_refused(const json& entry, const std::vector<std::string>& words) {
  try {
    (void)job_with(entry);
    ADD_FAILURE() << entry << " was taken";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("job.json: /start_from/0"));
    for (const std::string& word : words) EXPECT_THAT(error.what(), HasSubstr(word));
  }
}

TEST(StartFrom, KeepsGenotypes) {
  const Job job = job_with(some());
  EXPECT_EQ(job.start_from.at(0).genotype, some());
  EXPECT_EQ(job.start_from.at(0).net, "");
  EXPECT_EQ(json::parse(to_json(job).dump())["start_from"], json::array({some()}));
}

TEST(StartFrom, KeepsNetworksUnreadWithTheirPathsAbsolute) {
  const Job job = job_with("absent.json");
  EXPECT_EQ(job.start_from.at(0).genotype, std::nullopt);
  EXPECT_EQ(job.start_from.at(0).net, "/somewhere/absent.json");
  EXPECT_EQ(job.start_from.at(0).text, "absent.json");
  EXPECT_EQ(json::parse(to_json(job).dump())["start_from"], json::array({"/somewhere/absent.json"}));
  EXPECT_EQ(job_with("zoo:absent").start_from.at(0).net, "zoo:absent");
  EXPECT_EQ(job_with("../run#3").start_from.at(0).net, "/run#3");
}

TEST(StartFrom, ReadsWhatAnEffectiveJobWrites) {
  const json entry = {{"net", "/a/net.json"}, {"genotype", some()}, {"distance", 0.25}};
  const Job job = job_with(entry);
  EXPECT_EQ(job.start_from.at(0).genotype, some());
  EXPECT_EQ(job.start_from.at(0).distance, 0.25);
  EXPECT_EQ(json::parse(to_json(job).dump())["start_from"], json::array({entry}));
}

TEST(StartFrom, RefusesWhatCannotBeMeant) {
  expect_refused(3.5, {"expected a genotype", "zoo:NAME"});
  expect_refused(json::array({1, "x"}), {"expected a genotype"});
  expect_refused(json::array({99, 99}), {"not of the job's space"});
  json wrapped = some();  // a first answer that 32 bits would make the right one
  wrapped[0] = wrapped[0].get<std::int64_t>() + (std::int64_t{1} << 32);
  expect_refused(wrapped, {"expected a genotype"});
  expect_refused({{"net", "x"}, {"genotype", some()}, {"distanc", 1}}, {"distanc"});
}

}  // namespace
}  // namespace gensynth::job
