#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <map>

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
}

TEST_F(FolderTest, ReportsWhatItIgnores) {
  for (const char* name : {"a", "b"}) {
    for (int i = 0; i < 4; ++i) add(name + std::string("/") + std::to_string(i) + ".jpg", name[0] * 4 + i);
  }
  add("a/deep/x.jpg", 100);
  add("a/deep/deeper/y.jpg", 101);
  test::write_file(folder / "images/a/notes.txt", {'x'});
  test::write_file(folder / "images/a/._0.jpg", {'x'});
  test::write_file(folder / "images/__MACOSX/a/0.jpg", {'x'});
  test::write_file(folder / "images/labels.csv", {'x'});
  std::filesystem::copy(folder / "images/b/1.jpg", folder / "images/b/copy.jpg");
  const Contents contents = open().contents();
  EXPECT_EQ(contents.classes, 2);
  EXPECT_EQ(contents.train + contents.holdout, 8);
  EXPECT_EQ(contents.copies_within_class, 1);
  std::map<std::string, std::int64_t> counts;
  for (const Ignored& one : contents.ignored) counts[one.reason] = one.count;
  EXPECT_THAT(counts, testing::UnorderedElementsAre(testing::Pair("images in folders below a class", 2),
                                                    testing::Pair("files that are no images", 1),
                                                    testing::Pair("hidden files and folders", 2),
                                                    testing::Pair("files outside class folders", 1)));
}

TEST_F(FolderTest, ContentMakesAnImageWhateverItsName) {
  for (int i = 0; i < 3; ++i) {
    add("a/" + std::to_string(i) + ".jfif", i);
    add("b/" + std::to_string(i), 10 + i);
  }
  const Contents contents = open().contents();
  EXPECT_EQ(contents.train + contents.holdout, 6);
  EXPECT_TRUE(contents.ignored.empty());
}

TEST_F(FolderTest, KnowsTheNamesOfSplits) {
  for (int i = 0; i < 3; ++i) {
    add("train/a/" + std::to_string(i) + ".jpg", i);
    add("train/b/" + std::to_string(i) + ".jpg", 10 + i);
  }
  add("test/a/0.jpg", 50);
  EXPECT_EQ(open().contents().validation, 1) << "test, where there is no validation split";
  for (const char* name : {"val", "valid", "validation"}) {
    add(std::string(name) + "/b/0.jpg", 60);
    add(std::string(name) + "/b/1.jpg", 61);
    const Contents contents = open().contents();
    EXPECT_EQ(contents.validation, 2) << name;
    ASSERT_EQ(contents.ignored.size(), 1U) << name;
    EXPECT_THAT(contents.ignored[0].reason, HasSubstr("test splits"));
    if (std::string(name) != "validation") std::filesystem::remove_all(folder / (std::string("images/") + name));
  }
  add("val/b/0.jpg", 60);
  EXPECT_THAT(message_of([&] { open(); }), HasSubstr("val, validation are all validation splits"));
}

TEST_F(FolderTest, TrainIsAClassWhereClassFoldersLieBesideIt) {
  for (const char* name : {"bus", "car", "train"}) {
    for (int i = 0; i < 3; ++i) add(name + std::string("/") + std::to_string(i) + ".jpg", name[0] * 4 + i);
  }
  EXPECT_THAT(open().class_names(), ElementsAre("bus", "car", "train"));
  add("train/red/0.jpg", 5);
  EXPECT_THAT(message_of([&] { open(); }), AllOf(HasSubstr("'train' contains folders"), HasSubstr("bus, car")));
}

TEST_F(FolderTest, ValidationClassesThatTrainingLacksAreAnError) {
  for (int i = 0; i < 3; ++i) {
    add("train/a/" + std::to_string(i) + ".jpg", i);
    add("train/b/" + std::to_string(i) + ".jpg", 10 + i);
    add("val/z/" + std::to_string(i) + ".jpg", 30 + i);
  }
  EXPECT_THAT(message_of([&] { open(); }),
              AllOf(HasSubstr("1 classes that training lacks"), HasSubstr("'z'"), HasSubstr("val/z/")));
  spec.classes = 2;
  const Contents contents = open().contents();
  EXPECT_EQ(contents.validation, 0);
  ASSERT_EQ(contents.ignored.size(), 1U);
  EXPECT_EQ(contents.ignored[0].count, 3);
}

TEST_F(FolderTest, AnEmptyClassIsAnErrorThatNamesTheCause) {
  add("a/0.jpg", 0);
  std::filesystem::create_directories(folder / "images/b");
  EXPECT_THAT(message_of([&] { open(); }), AllOf(HasSubstr("images/b: no images"), HasSubstr("the folder is empty")));
  test::write_file(folder / "images/b/list.txt", {'x'});
  EXPECT_THAT(message_of([&] { open(); }), AllOf(HasSubstr("1 files that are no images"), HasSubstr("list.txt")));
  std::filesystem::remove(folder / "images/b/list.txt");
  add("b/part/0.jpg", 1);
  EXPECT_THAT(message_of([&] { open(); }), AllOf(HasSubstr("1 images in folders below"), HasSubstr("b/part/0.jpg")));
  std::filesystem::remove_all(folder / "images");
  add("val/a/0.jpg", 0);
  add("test/a/0.jpg", 0);
  EXPECT_THAT(message_of([&] { open(); }), HasSubstr("there is no train folder beside test, val"));
  add("train/0.jpg", 0);
  EXPECT_THAT(message_of([&] { open(); }), AllOf(HasSubstr("no class folders"), HasSubstr("train/CLASS/FILE")));
}

TEST_F(FolderTest, PipesAndHugeFilesAreBadBeforeTheyAreOpened) {
  for (int i = 0; i < 20; ++i) {
    add("a/" + std::to_string(i) + ".jpg", i);
    add("b/" + std::to_string(i) + ".jpg", 50 + i);
  }
  ASSERT_EQ(::mkfifo((folder / "images/a/pipe.jpg").c_str(), 0644), 0);
  ASSERT_EQ(::mkfifo((folder / "images/a/pipe").c_str(), 0644), 0);
  test::write_file(folder / "images/b/huge.jpg", {});
  std::filesystem::resize_file(folder / "images/b/huge.jpg", 1'000'000'000'000);
  std::filesystem::create_symlink("nowhere", folder / "images/b/link.jpg");
  EXPECT_THAT(message_of([&] { open(); }),
              AllOf(HasSubstr("3 of 43"), HasSubstr("a/pipe.jpg: a pipe"), HasSubstr("b/huge.jpg: 1000.0 GB"),
                    HasSubstr("b/link.jpg: a link that leads nowhere"), HasSubstr("\"skip\"")));
  spec.bad_files = BadFiles::skip;
  spec.bad_files_limit = 0.1;
  const Contents contents = open().contents();
  EXPECT_EQ(contents.train + contents.holdout, 40);
  EXPECT_EQ(contents.bad_files.size(), 3U);
}

}  // namespace
}  // namespace gensynth::data
