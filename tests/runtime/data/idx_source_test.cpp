#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include "runtime/data/dataset.hpp"
#include "tests/runtime/data/sample_files.hpp"

namespace gensynth::data {
namespace {

using test::Bytes;
using test::message_of;
using testing::AllOf;
using testing::HasSubstr;
using Split = Dataset::Split;

test::Bytes images_file(int count, int side) {
  test::Bytes bytes{0, 0, 8, 3,
                    0, 0, 0, static_cast<std::uint8_t>(count),
                    0, 0, 0, static_cast<std::uint8_t>(side),
                    0, 0, 0, static_cast<std::uint8_t>(side)};
  for (int i = 0; i < count * side * side; ++i) bytes.push_back(static_cast<std::uint8_t>(i * 31 + i / side));
  return bytes;
}

test::Bytes labels_file(int count) {
  test::Bytes bytes{0, 0, 8, 1, 0, 0, 0, static_cast<std::uint8_t>(count)};
  for (int i = 0; i < count; ++i) bytes.push_back(static_cast<std::uint8_t>(i % 3));
  return bytes;
}

void write_gzip(const std::string& path, const test::Bytes& bytes) {
  gzFile file = gzopen(path.c_str(), "wb");
  gzwrite(file, bytes.data(), static_cast<unsigned>(bytes.size()));
  gzclose(file);
}

struct IdxTest : testing::Test {
  IdxTest() {
    spec.kind = DataKind::idx;
    spec.px = 8;
    spec.classes = 0;
    spec.holdout = 0;
  }
  Dataset open() { return Dataset::open(spec, folder / "cache"); }

  test::TemporaryFolder folder;
  DataSpec spec;
};

TEST_F(IdxTest, ReadsAFolderOfPlainAndGzipFiles) {
  write_gzip(folder / "train-images-idx3-ubyte.gz", images_file(30, 8));
  write_gzip(folder / "train-labels-idx1-ubyte.gz", labels_file(30));
  test::write_file(folder / "t10k-images-idx3-ubyte", images_file(6, 8));
  test::write_file(folder / "t10k-labels-idx1-ubyte", labels_file(6));
  spec.paths = {folder.path()};
  const Dataset data = open();
  EXPECT_THAT(data.class_names(), testing::ElementsAre("00", "01", "02"));
  ASSERT_EQ(data.split(Split::validation).size(), 6U);
  EXPECT_EQ(data.split(Split::train).size() + static_cast<std::size_t>(data.duplicates_dropped()), 30U);
  const std::uint8_t* pixel = data.pixels(data.split(Split::validation)[0]);  // label 0, number 0
  for (int i = 0; i < 64; ++i) {
    for (int c = 0; c < 3; ++c) EXPECT_EQ(pixel[i * 3 + c], static_cast<std::uint8_t>(i * 31 + i / 8));
  }
}

TEST_F(IdxTest, NamesTheFileThatIsWrong) {
  const std::string images = folder / "images";
  const std::string labels = folder / "labels";
  spec.paths = {images, labels};
  EXPECT_THAT(message_of([&] { open(); }), HasSubstr("cannot be opened"));
  test::write_file(images, images_file(6, 8));
  test::write_file(labels, labels_file(5));
  EXPECT_THAT(message_of([&] { open(); }), AllOf(HasSubstr("6 images"), HasSubstr("5 labels")));
  test::write_file(labels, images_file(6, 8));
  EXPECT_THAT(message_of([&] { open(); }), AllOf(HasSubstr(labels), HasSubstr("not an idx file")));
  test::Bytes cut = labels_file(6);
  cut.pop_back();
  test::write_file(labels, cut);
  EXPECT_THAT(message_of([&] { open(); }), AllOf(HasSubstr(labels), HasSubstr("5 bytes of values, expected 6")));
  write_gzip(labels, labels_file(6));
  cut = test::read_file(labels);
  cut.resize(cut.size() - 6);
  test::write_file(labels, cut);
  EXPECT_THAT(message_of([&] { open(); }), AllOf(HasSubstr(labels), HasSubstr("cut short")));
}

}  // namespace
}  // namespace gensynth::data
