#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runtime/data/dataset.hpp"
#include "tests/runtime/data/sample_files.hpp"

namespace gensynth::data {
namespace {

using test::message_of;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using Split = Dataset::Split;

struct FolderTest : testing::Test {
  FolderTest() {
    spec.kind = DataKind::folder;
    spec.paths = {folder / "images"};
    spec.px = 8;
    spec.classes = 0;
  }
  void add(const std::string& name, int number) {
    test::write_file(folder / ("images/" + name), test::sample_jpeg(12, 10, number));
  }
  Dataset open() { return Dataset::open(spec, folder / "cache"); }

  test::TemporaryFolder folder;
  DataSpec spec;
};

TEST_F(FolderTest, ReadsClassFolders) {
  for (int i = 0; i < 4; ++i) add("cat/" + std::to_string(i) + ".jpg", i);
  for (int i = 0; i < 6; ++i) add("ant/" + std::to_string(i) + ".JPEG", 10 + i);
  test::write_file(folder / "images/ant/notes.txt", {'x'});
  test::write_file(folder / "images/.hidden/x.jpg", {'x'});
  spec.holdout = 0.5;
  const Dataset data = open();
  EXPECT_THAT(data.class_names(), ElementsAre("ant", "cat"));
  EXPECT_EQ(data.split(Split::train).size(), 5U);
  EXPECT_EQ(data.split(Split::holdout).size(), 5U);
  EXPECT_TRUE(data.split(Split::validation).empty());
}

TEST_F(FolderTest, ReadsTrainAndVal) {
  for (int i = 0; i < 3; ++i) {
    add("train/a/" + std::to_string(i) + ".jpg", i);
    add("train/b/" + std::to_string(i) + ".jpg", 10 + i);
    add("val/b/" + std::to_string(i) + ".jpg", 20 + i);
    add("val/z/" + std::to_string(i) + ".jpg", 30 + i);  // not a class of training: passed over
  }
  const Dataset data = open();
  EXPECT_THAT(data.class_names(), ElementsAre("a", "b"));
  ASSERT_EQ(data.split(Split::validation).size(), 3U);
  for (const int image : data.split(Split::validation)) EXPECT_EQ(data.label(image), 1);
}

TEST_F(FolderTest, SeesWhenAFileChanges) {
  for (int i = 0; i < 3; ++i) {
    add("a/" + std::to_string(i) + ".jpg", i);
    add("b/" + std::to_string(i) + ".jpg", 10 + i);
  }
  const std::string before = open().id();
  EXPECT_EQ(open().id(), before);
  test::write_file(folder / "images/a/0.jpg", test::sample_jpeg(30, 30, 99));
  EXPECT_NE(open().id(), before);
}

TEST_F(FolderTest, NamesWhatIsWrong) {
  EXPECT_THAT(message_of([&] { open(); }), AllOf(HasSubstr(folder / "images"), HasSubstr("not a folder")));
  std::filesystem::create_directories(folder / "images/a");
  EXPECT_THAT(message_of([&] { open(); }), AllOf(HasSubstr("images/a"), HasSubstr("no JPEG")));
  add("a/0.jpg", 0);
  EXPECT_THAT(message_of([&] { open(); }), AllOf(HasSubstr("1 classes"), HasSubstr("at least 2")));
  add("b/0.jpg", 1);
  spec.classes = 3;
  EXPECT_THAT(message_of([&] { open(); }), AllOf(HasSubstr("3 classes requested"), HasSubstr("there are 2")));
  spec.classes = 2;
  test::Bytes cut = test::sample_jpeg(30, 30, 5);
  cut.resize(cut.size() / 2);
  test::write_file(folder / "images/b/1.jpg", cut);
  EXPECT_THAT(message_of([&] { open(); }), AllOf(HasSubstr("images/b/1.jpg"), HasSubstr("cannot be decoded")));
  for (const auto& item : std::filesystem::directory_iterator(folder / "cache")) {
    EXPECT_EQ(item.path().extension(), ".lock") << "a failed attempt left a file";
  }
  std::filesystem::remove(folder / "images/b/1.jpg");
  test::write_file(folder / "images/b/2.png", {'x'});
  EXPECT_THAT(message_of([&] { open(); }), AllOf(HasSubstr("images/b/2.png"), HasSubstr("expected JPEG")));
}

}  // namespace
}  // namespace gensynth::data
