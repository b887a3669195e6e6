#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "runtime/data/dataset.hpp"
#include "tests/runtime/data/sample_files.hpp"

namespace gensynth::data {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

DataSpec parse(const std::string& text) {
  return data_spec_from_json(nlohmann::json::parse(text), "job.json", "/data");
}
std::string refusal(const std::string& text) {
  return test::message_of([&] { parse(text); });
}

TEST(DataSpec, HasADefaultForEverything) {
  const DataSpec spec = parse("{}");
  EXPECT_EQ(spec.kind, DataKind::drawn);
  EXPECT_EQ(spec.classes, 10);
  EXPECT_EQ(spec.px, 64);
  EXPECT_DOUBLE_EQ(spec.holdout, 0.1);
}

TEST(DataSpec, SurvivesJson) {
  for (const char* text :
       {R"({"kind": "drawn", "px": 32, "classes": 4, "images": 7, "holdout": 0.25, "seed": 9223372036854775807})",
        R"({"kind": "folder", "path": "pictures"})", R"({"kind": "archive", "path": ["a.tar", "b.tar.xz"]})",
        R"({"kind": "idx", "path": "mnist", "classes": 0, "holdout": 0})",
        R"({"kind": "folder", "path": "x", "bad_files": "skip", "bad_files_limit": 0.5})"}) {
    const DataSpec spec = parse(text);
    const nlohmann::ordered_json written = to_json(spec);
    EXPECT_EQ(to_json(data_spec_from_json(nlohmann::json(written), "job.json", "/data")), written) << text;
    const nlohmann::json given = nlohmann::json::parse(text);
    for (const auto& [key, value] : given.items()) EXPECT_EQ(nlohmann::json(written.at(key)), value) << text;
  }
  EXPECT_THAT(parse(R"({"kind": "archive", "path": ["a.tar", "b.tar.xz"]})").paths, ElementsAre("a.tar", "b.tar.xz"));
}

TEST(DataSpec, AllClassesAreTheDefaultOfFiles) {
  EXPECT_EQ(parse(R"({"kind": "drawn"})").classes, 10);
  EXPECT_EQ(parse(R"({"kind": "folder", "path": "x"})").classes, 0);
  EXPECT_EQ(parse(R"({"kind": "archive", "path": "x"})").classes, 0);
  EXPECT_EQ(parse(R"({"kind": "idx", "path": "x", "classes": 3})").classes, 3);
}

TEST(DataSpec, RefusesBadValuesAndNamesThem) {
  EXPECT_THAT(refusal(R"({"kind": "drwan"})"), AllOf(HasSubstr("job.json: /data/kind"), HasSubstr("'drawn'")));
  EXPECT_THAT(refusal(R"({"hold_out": 0.1})"), AllOf(HasSubstr("hold_out"), HasSubstr("'holdout'")));
  EXPECT_THAT(refusal(R"({"px": 4})"), HasSubstr("/data/px"));
  EXPECT_THAT(refusal(R"({"px": 2000})"), HasSubstr("/data/px"));
  EXPECT_THAT(refusal(R"({"classes": 1})"), HasSubstr("/data/classes"));
  EXPECT_THAT(refusal(R"({"images": -1})"), HasSubstr("/data/images"));
  EXPECT_THAT(refusal(R"({"holdout": 0.95})"), HasSubstr("/data/holdout"));
  EXPECT_THAT(refusal(R"({"seed": -3})"), HasSubstr("/data/seed"));
  EXPECT_THAT(refusal(R"({"bad_files": "skipp"})"), AllOf(HasSubstr("/data/bad_files"), HasSubstr("'skip'")));
  EXPECT_THAT(refusal(R"({"bad_files_limit": 1.5})"), HasSubstr("/data/bad_files_limit"));
  EXPECT_THAT(refusal(R"({"path": "x"})"), HasSubstr("/data/path"));
  EXPECT_THAT(refusal(R"({"kind": "folder"})"), HasSubstr("/data/path"));
  EXPECT_THAT(refusal(R"({"kind": "folder", "path": ["a", "b"]})"), HasSubstr("one path"));
  EXPECT_THAT(refusal(R"({"kind": "archive", "path": []})"), HasSubstr("/data/path"));
  EXPECT_THAT(refusal(R"({"kind": "archive", "path": [3]})"), HasSubstr("/data/path"));
  EXPECT_THAT(refusal(R"({"kind": "archive", "path": ""})"), HasSubstr("/data/path"));
}

}  // namespace
}  // namespace gensynth::data
