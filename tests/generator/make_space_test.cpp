#include "generator/make_space.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "architecture/base/error.hpp"
#include "architecture/base/json_reader.hpp"
#include "generator/space/search_space.hpp"

namespace gensynth::generator {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

const std::string kExample = std::string(GENSYNTH_SOURCE_DIR) + "/examples/spaces/small_mobile.json";

std::string message_of(const json& value) {
  try {
    generator::make_space(value, "job.json", "/space");
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(MakeSpace, MakesEachKind) {
  EXPECT_EQ(generator::make_space({{"kind", "columnar"}}, "x", "")->name(), "columnar");
  EXPECT_EQ(generator::make_space({{"kind", "nasbench201"}}, "x", "")->name(), "nasbench201");
  EXPECT_EQ(generator::make_space({{"kind", "file"}, {"path", kExample}}, "x", "")->name(), "small_mobile");
}

TEST(MakeSpace, MistakesAreNamed) {
  EXPECT_THAT(message_of({{"kind", "columner"}}),
              HasSubstr("job.json: /space/kind: unknown value 'columner' (did you"));
  EXPECT_THAT(message_of({{"kind", "columnar"}, {"pix", 3}}), HasSubstr("/space/pix"));
  EXPECT_THAT(message_of({{"kind", "nasbench201"}, {"px", 30}}), HasSubstr("multiple of 4"));
  EXPECT_THAT(message_of({{"kind", "nasbench201"}, {"class", 30}}), HasSubstr("did you mean 'classes'"));
  EXPECT_THAT(message_of({{"kind", "file"}}), HasSubstr("expected either 'path'"));
  EXPECT_THAT(message_of({{"kind", "file"}, {"path", "nowhere.json"}}), HasSubstr("'nowhere.json' is not a file"));
  EXPECT_THAT(message_of({{"path", "nowhere.json"}}), HasSubstr("missing key 'kind'"));
}

TEST(MakeSpace, FindsASpaceBesideTheJobThatNamesIt) {
  const std::filesystem::path folder = std::filesystem::path(GENSYNTH_SOURCE_DIR) / "examples/spaces";
  // Any file there can be the job: the path is relative to its folder, not to the current one.
  const std::string job = (folder / "small_mobile.json").string();
  EXPECT_EQ(generator::make_space({{"kind", "file"}, {"path", "small_mobile.json"}}, job, "/space")->name(),
            "small_mobile");
}

TEST(EffectiveSpace, ShowsDefaultsAndReadsBack) {
  for (const json& value : {json{{"kind", "columnar"}, {"px", 64}}, json{{"kind", "nasbench201"}},
                            json{{"kind", "file"}, {"path", kExample}}}) {
    const json effective = generator::to_json(generator::space_spec_from_json(value, "x", ""));
    EXPECT_GE(effective.size(), value.size());
    EXPECT_EQ(json(generator::to_json(generator::space_spec_from_json(effective, "elsewhere", ""))), effective);
    const auto space = generator::make_space(value, "x", "");
    const auto again = generator::make_space(effective, "elsewhere", "");
    Rng one(1);
    Rng two(1);
    for (int i = 0; i < 10; ++i) EXPECT_EQ(space->sample(one), again->sample(two));
  }
  EXPECT_TRUE(generator::to_json(generator::space_spec_from_json({{"kind", "file"}, {"path", kExample}}, "x", ""))
                  .contains("space"));  // self-contained
}

}  // namespace
}  // namespace gensynth::generator
