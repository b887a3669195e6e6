#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <map>

#include "runtime/data/dataset.hpp"
#include "tests/runtime/data/sample_files.hpp"

namespace gensynth::data {
namespace {

using test::message_of;
using testing::AllOf;
using testing::AnyOf;
using testing::ElementsAre;
using testing::HasSubstr;
using Split = Dataset::Split;

struct ArchiveTest : testing::Test {
  ArchiveTest() {
    spec.kind = DataKind::archive;
    spec.px = 8;
    spec.classes = 0;
  }
  Dataset open() { return Dataset::open(spec, folder / "cache"); }

  test::TemporaryFolder folder;
  DataSpec spec;
};

std::vector<std::uint8_t> first_image(const Dataset& data) {
  const std::uint8_t* at = data.pixels(data.split(Split::validation)[0]);
  return {at, at + data.px() * data.px() * 3};
}

TEST_F(ArchiveTest, ReadsEveryCompression) {
  std::vector<std::uint8_t> expected;
  for (const char* ending : {"tar", "tar.gz", "tar.xz"}) {
    const std::string path = folder / (std::string("data.") + ending);
    test::write_archive(path, test::sample_members(3, 10, 2));
    spec.paths = {path};
    const Dataset data = open();
    EXPECT_THAT(data.class_names(), ElementsAre("class_0", "class_1", "class_2"));
    EXPECT_EQ(data.split(Split::train).size(), 27U);
    EXPECT_EQ(data.split(Split::holdout).size(), 3U);
    EXPECT_EQ(data.split(Split::validation).size(), 6U);
    if (expected.empty()) expected = first_image(data);
    EXPECT_EQ(first_image(data), expected) << ending;
  }
}

TEST_F(ArchiveTest, OrderAndNumberOfArchivesDoNotMatter) {
  auto members = test::sample_members(3, 6, 2);
  test::write_archive(folder / "one.tar", members);
  std::reverse(members.begin(), members.end());
  const auto middle = members.begin() + 7;
  std::filesystem::create_directories(folder / "parts");
  test::write_archive(folder / "parts/a.tar", {members.begin(), middle});
  members.erase(members.begin(), middle);
  members.insert(members.begin(), {"train/", {}});
  members.emplace_back("./train/class_0/extra.jpg", test::sample_jpeg(9, 9, 77));
  members.emplace_back("train/class_0/readme.txt", test::Bytes{'x'});
  test::write_archive(folder / "parts/b.tar.gz", members);

  spec.holdout = 0;
  spec.images = 6;
  spec.paths = {folder / "one.tar"};
  const Dataset one = open();
  spec.paths = {folder / "parts"};
  const Dataset parts = open();
  ASSERT_EQ(one.split(Split::train), parts.split(Split::train));
  for (const int image : one.split(Split::train)) {
    EXPECT_EQ(one.label(image), parts.label(image));
    EXPECT_TRUE(std::equal(one.pixels(image), one.pixels(image) + 8 * 8 * 3, parts.pixels(image))) << image;
  }
}

TEST_F(ArchiveTest, TakesTheFirstClassesAndImages) {
  test::write_archive(folder / "data.tar", test::sample_members(4, 10, 3));
  spec.paths = {folder / "data.tar"};
  spec.classes = 2;
  spec.images = 4;
  spec.holdout = 0;
  const Dataset data = open();
  EXPECT_THAT(data.class_names(), ElementsAre("class_0", "class_1"));
  EXPECT_EQ(data.split(Split::train).size(), 8U);
  EXPECT_EQ(data.split(Split::validation).size(), 6U);
}

TEST_F(ArchiveTest, NamesArchiveAndMember) {
  const auto refusal = [&](const std::string& name, const test::Bytes& bytes) {
    auto members = test::sample_members(2, 2, 1);
    members.emplace_back(name, bytes);
    test::write_archive(folder / "bad.tar", members);
    spec.paths = {folder / "bad.tar"};
    return message_of([&] { open(); });
  };
  test::Bytes cut = test::sample_jpeg(40, 40, 1);
  cut.resize(cut.size() * 2 / 3);
  EXPECT_THAT(refusal("train/class_1/cut.jpg", cut),
              AllOf(HasSubstr("bad.tar"), HasSubstr("'train/class_1/cut.jpg'"), HasSubstr("cannot be decoded")));
  EXPECT_THAT(refusal("train/class_1/x.jpg", {'t'}),
              AllOf(HasSubstr("'train/class_1/x.jpg'"), HasSubstr("not a JPEG")));
  EXPECT_THAT(refusal("train/x.jpg", {'t'}), AllOf(HasSubstr("'train/x.jpg'"), HasSubstr("train/CLASS/FILE")));
  EXPECT_THAT(refusal("trian/a/x.jpg", {'t'}), AllOf(HasSubstr("'trian'"), HasSubstr("did you mean 'train'")));
  EXPECT_THAT(refusal("train/a/x.png", {'t'}), AllOf(HasSubstr("'train/a/x.png'"), HasSubstr("not a JPEG")));
  EXPECT_THAT(refusal("train/class_7/", {}), AllOf(HasSubstr("no images in the class folder train/class_7")));
}

TEST_F(ArchiveTest, NamesArchivesThatCannotBeRead) {
  spec.paths = {folder / "none.tar"};
  EXPECT_THAT(message_of([&] { open(); }), AllOf(HasSubstr("none.tar"), HasSubstr("cannot be opened")));
  test::write_file(folder / "text.tar", {'n', 'o', ' ', 't', 'a', 'r'});
  spec.paths = {folder / "text.tar"};
  EXPECT_THAT(message_of([&] { open(); }), HasSubstr("text.tar"));
  for (const char* name : {"cut.tar", "cut.tar.xz", "cut.tar.gz"}) {
    test::write_archive(folder / name, test::sample_members(2, 20, 1));
    test::Bytes bytes = test::read_file(folder / name);
    bytes.resize(bytes.size() / 2);
    test::write_file(folder / name, bytes);
    spec.paths = {folder / name};
    EXPECT_THAT(message_of([&] { open(); }),
                AllOf(HasSubstr(name), AnyOf(HasSubstr("cut short"), HasSubstr("cannot be opened as a tar"))))
        << name;
  }
  std::filesystem::create_directories(folder / "empty");
  spec.paths = {folder / "empty"};
  EXPECT_THAT(message_of([&] { open(); }), HasSubstr("no tar archives"));
}

TEST_F(ArchiveTest, IgnoresAndReportsWhatFoldersIgnore) {
  auto members = test::sample_members(2, 5, 1);
  members.emplace_back("train/class_0/._0.jpg", test::Bytes{'x'});
  members.emplace_back("__MACOSX/train/class_0/._0.jpg", test::Bytes{'x'});
  members.emplace_back("train/class_0/notes.txt", test::Bytes{'x'});
  members.emplace_back("train/class_0/deep/x.jpg", test::sample_jpeg(9, 9, 70));
  members.emplace_back("train/class_1/no_ending", test::sample_jpeg(9, 9, 71));
  members.emplace_back("test/class_1/0.jpg", test::sample_jpeg(9, 9, 72));
  test::write_archive(folder / "data.tar.gz", members);
  spec.paths = {folder / "data.tar.gz"};
  const Contents contents = open().contents();
  EXPECT_EQ(contents.train + contents.holdout, 11);
  EXPECT_EQ(contents.validation, 2);
  std::map<std::string, std::int64_t> counts;
  for (const Ignored& one : contents.ignored) counts[one.reason] = one.count;
  EXPECT_THAT(counts, testing::UnorderedElementsAre(
                          testing::Pair("images in folders below a class", 1),
                          testing::Pair("files that are no images", 1), testing::Pair("hidden files and folders", 2),
                          testing::Pair("images of a test split beside a validation split", 1)));
}

TEST_F(ArchiveTest, ListsAllBadMembersOrSkipsThem) {
  auto members = test::sample_members(2, 20, 1);
  for (int i = 0; i < 3; ++i) members.emplace_back("train/class_1/bad" + std::to_string(i) + ".jpg", test::Bytes{'t'});
  test::write_archive(folder / "data.tar", members);
  spec.paths = {folder / "data.tar"};
  EXPECT_THAT(message_of([&] { open(); }),
              AllOf(HasSubstr("3 of 45"), HasSubstr("bad0.jpg"), HasSubstr("bad1.jpg"), HasSubstr("bad2.jpg")));
  spec.bad_files = BadFiles::skip;
  EXPECT_THAT(message_of([&] { open(); }), AllOf(HasSubstr("bad_files_limit"), HasSubstr("0.05")));
  spec.bad_files_limit = 0.07;
  EXPECT_THAT(open().contents().bad_files, testing::SizeIs(3));
}

TEST_F(ArchiveTest, HugeMembersAreRefusedByTheirHeaders) {
  for (const auto& [name, bytes] : test::sample_members(2, 4, 1)) test::write_file(folder / ("tree/" + name), bytes);
  test::write_file(folder / "tree/train/class_0/huge.jpg", {});
  std::filesystem::resize_file(folder / "tree/train/class_0/huge.jpg", 1'000'000'000'000);
  const std::string command = "tar --sparse -C " + (folder / "tree") + " -cf " + (folder / "data.tar") + " train val";
  ASSERT_EQ(std::system(command.c_str()), 0);
  spec.paths = {folder / "data.tar"};
  EXPECT_THAT(message_of([&] { open(); }),
              AllOf(HasSubstr("1 of 11"), HasSubstr("'train/class_0/huge.jpg': 1000.0 GB"), HasSubstr("256 MB")));
  spec.bad_files = BadFiles::skip;
  spec.bad_files_limit = 0.2;
  EXPECT_EQ(open().contents().train, 6);
}

TEST_F(ArchiveTest, APipeIsNoArchive) {
  ASSERT_EQ(::mkfifo((folder / "data.tar").c_str(), 0644), 0);
  spec.paths = {folder / "data.tar"};
  EXPECT_THAT(message_of([&] { open(); }), AllOf(HasSubstr("data.tar: a pipe"), HasSubstr("expected a file")));
}

}  // namespace
}  // namespace gensynth::data
