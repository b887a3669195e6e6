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

TEST_F(IdxTest, FilesThatDoNotAgreeWithTheirHeadersAreRefused) {
  const std::string images = folder / "images";
  const std::string labels = folder / "labels";
  spec.paths = {images, labels};
  test::write_file(labels, labels_file(6));
  test::write_file(images, images_file(6, 8));
  std::filesystem::resize_file(images, 12'000'000'000);  // sparse: reading it would take gigabytes
  EXPECT_THAT(message_of([&] { open(); }), AllOf(HasSubstr(images), HasSubstr("expected 384 by its header")));
  test::Bytes longer = images_file(6, 8);
  longer.push_back(1);
  write_gzip(images, longer);
  EXPECT_THAT(message_of([&] { open(); }), AllOf(HasSubstr(images), HasSubstr("more bytes of values than 384")));
  write_gzip(labels, {0, 0, 8, 1, 0xFF, 0xFF, 0xFF, 0xFF, 1});
  EXPECT_THAT(message_of([&] { open(); }), AllOf(HasSubstr(labels), HasSubstr("4294967295 labels")));
}

TEST_F(IdxTest, ImagesAreReadInParts) {
  test::Bytes bytes{0, 0, 8, 3, 0, 0, 0x9C, 0x40, 0, 0, 0, 28, 0, 0, 0, 28};  // 40,000 images of 28 x 28: 31 MB
  for (int i = 0; i < 40'000 * 28 * 28; ++i) bytes.push_back(static_cast<std::uint8_t>((i / 784) >> (i % 16)));
  test::Bytes labels{0, 0, 8, 1, 0, 0, 0x9C, 0x40};
  for (int i = 0; i < 40'000; ++i) labels.push_back(static_cast<std::uint8_t>(i % 2));
  test::write_file(folder / "images", bytes);
  test::write_file(folder / "labels", labels);
  spec.paths = {folder / "images", folder / "labels"};
  spec.images = 20'000;
  const Dataset data = open();
  ASSERT_EQ(data.split(Split::train).size(), 40'000U);
  for (const int image : {0, 19'999, 20'000, 39'999}) {
    const int number = image < 20'000 ? 2 * image : 2 * (image - 20'000) + 1;
    EXPECT_EQ(data.label(image), number % 2);
  }
}

}  // namespace
}  // namespace gensynth::data
