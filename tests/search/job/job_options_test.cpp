#include "search/job/job_options.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "architecture/base/file.hpp"
#include "architecture/base/json_reader.hpp"

namespace gensynth::job {
namespace {

using ::testing::HasSubstr;

std::string document(const std::string& name) { return read_file(std::string(GENSYNTH_SOURCE_DIR) + "/docs/" + name); }

TEST(JobOptions, TheCommittedSchemaIsCurrent) {
  EXPECT_EQ(document("job.schema.json"), job_schema().dump(2) + "\n") << "run scripts/docs";
}

TEST(JobOptions, TheTablesOfTheDocumentationAreCurrent) {
  const std::string text = document("job.md");
  for (const KeyTable& table : job_key_tables()) {
    EXPECT_THAT(text, HasSubstr("<!-- keys of " + table.section + ": written by scripts/docs -->\n" + table.markdown +
                                "<!-- end -->\n"))
        << "run scripts/docs";
  }
}

TEST(JobOptions, DefaultsOfTheSchemaAreThoseOfTheReader) {
  const nlohmann::json defaults =
      to_json(job_from_json({{"format", "gensynth.job"}, {"version", 1}, {"space", {{"kind", "columnar"}}}}, "job"));
  const nlohmann::json properties = job_schema().at("properties");
  for (const char* section : {"objective", "data", "device", "budget"}) {
    const nlohmann::json& schema = properties.at(section);  // of an objective also a word
    const nlohmann::json& object = schema.contains("oneOf") ? schema.at("oneOf").at(1) : schema;
    for (const auto& [key, value] : object.at("properties").items()) {
      if (value.contains("default")) {
        EXPECT_EQ(value.at("default"), defaults.at(section).at(key)) << section << key;
      }
    }
  }
  EXPECT_EQ(properties.at("batch").at("default"), defaults.at("batch"));
}

TEST(JobOptions, TheStarterJobListsTheKeys) {
  const std::string text = starter_job();
  EXPECT_THAT(text, HasSubstr("proposals, minutes, patience, trial_minutes"));
  EXPECT_EQ(text.find('@'), std::string::npos);
}

}  // namespace
}  // namespace gensynth::job
