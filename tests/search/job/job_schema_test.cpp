// docs/job.schema.json against the reader and the effective job.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

#include "architecture/base/error.hpp"
#include "architecture/base/json_reader.hpp"
#include "search/job/job.hpp"
#include "tests/search/scratch.hpp"

namespace gensynth::job {
namespace {

using nlohmann::json;

bool is_valid(const json& document) {
  static const json file = read_json_file(std::string(GENSYNTH_SOURCE_DIR) + "/docs/job.schema.json");
  static const valijson::Schema& schema = [&]() -> const valijson::Schema& {
    static valijson::Schema parsed;
    valijson::SchemaParser parser;
    parser.populateSchema(valijson::adapters::NlohmannJsonAdapter(file), parsed);
    return parsed;
  }();
  valijson::Validator validator;
  return validator.validate(schema, valijson::adapters::NlohmannJsonAdapter(document), nullptr);
}

json cell_job() {
  json job = testing::untrained_job("generative_synthesis");
  job["space"] = {{"kind", "nasbench201"}};
  return job;
}

TEST(JobSchema, AcceptsExamplesAndEffectiveJobs) {
  for (const char* name : {"demo.json", "start_from.json"}) {
    EXPECT_TRUE(is_valid(read_json_file(std::string(GENSYNTH_SOURCE_DIR) + "/examples/" + name))) << name;
  }
  EXPECT_TRUE(is_valid(parse_json(starter_job(), "starter job")));
  json job = cell_job();
  job["start_from"] = {"zoo:nb201:|none~0|+|none~0|none~1|+|nor_conv_3x3~0|none~1|none~2|", {1, 2, 3, 4, 0, 1}};
  EXPECT_TRUE(is_valid(job));
  EXPECT_TRUE(is_valid(json::parse(to_json(job_from_json(job, "job")).dump())));
  EXPECT_TRUE(is_valid(json::parse(to_json(job_from_json(cell_job(), "job")).dump())));
}

TEST(JobSchema, AgreesWithTheReaderOnFaults) {
  const std::vector<std::pair<const char*, json>> faults{
      {"/format", "gensynth.space"},
      {"/version", 2},
      {"/sead", 1},
      {"/out_of_distribution", "accept"},
      {"/batch", 0},
      {"/budget", {{"trials", 0}}},
      {"/start_from", "run"},
      {"/start_from", json::array({1.5})},
      {"/start_from", json::array({{-1}})},
      {"/start_from", json::array({{{"net", "run"}, {"genotype", {1, 2, 3, 4, 0, 1}}}})},
      {"/start_from",
       json::array({{{"net", "run"}, {"genotype", {1, 2, 3, 4, 0, 1}}, {"distance", 0}, {"exact", true}}})}};
  for (const auto& [pointer, value] : faults) {
    json job = cell_job();
    job[json::json_pointer(pointer)] = value;
    EXPECT_FALSE(is_valid(job)) << pointer << " = " << value;
    EXPECT_THROW((void)job_from_json(job, "job"), Error) << pointer << " = " << value;
  }
}

}  // namespace
}  // namespace gensynth::job
