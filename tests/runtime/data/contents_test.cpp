#include "runtime/data/contents.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace gensynth::data {
namespace {

using testing::AllOf;
using testing::HasSubstr;

Contents sample() {
  Contents contents;
  contents.classes = 3;
  contents.classes_of_source = 5;
  contents.train = 90;
  contents.holdout = 10;
  contents.validation = 30;
  contents.copies_within_class = 4;
  contents.copies_across_classes = 1;
  contents.copies_across_splits = 2;
  contents.beyond_limit = 7;
  contents.classes_without_holdout = 1;
  contents.ignored = {{"hidden files and folders", 2, "a/.DS_Store"}};
  contents.bad_files = {"a/1.jpg: it is empty"};
  return contents;
}

TEST(Contents, OneLineNamesEverything) {
  const std::string text = to_string(sample());
  EXPECT_EQ(text.find('\n'), std::string::npos);
  EXPECT_THAT(text, AllOf(HasSubstr("3 of 5 classes"), HasSubstr("90 training, 10 hold-out, 30 validation images"),
                          HasSubstr("4 copies within a class"), HasSubstr("1 copies of images of other classes"),
                          HasSubstr("2 training images that are validation images too"),
                          HasSubstr("7 beyond \"images\""), HasSubstr("1 bad files (a/1.jpg: it is empty)"),
                          HasSubstr("ignored: 2 hidden files and folders (a/.DS_Store)"),
                          HasSubstr("1 classes are too small")));
}

TEST(Contents, NothingLeftOutIsNotMentioned) {
  Contents plain;
  plain.classes = plain.classes_of_source = 2;
  plain.train = 8;
  EXPECT_EQ(to_string(plain), "2 classes; 8 training, 0 hold-out, 0 validation images");
}

TEST(Contents, SurvivesJson) {
  const nlohmann::ordered_json written = to_json(sample());
  EXPECT_EQ(to_json(contents_from_json(nlohmann::json(written), "x", "")), written);
}

}  // namespace
}  // namespace gensynth::data
