#include "runtime/data/image/decode.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "runtime/data/image/png.hpp"
#include "tests/runtime/data/sample_pictures.hpp"

namespace gensynth::data::image {
namespace {

using data::test::Bytes;
using data::test::message_of;
using testing::AllOf;
using testing::HasSubstr;

std::string refusal(const std::string& content) {
  return message_of([&] { decode({content.begin(), content.end()}, "a.jpg"); });
}

TEST(Decode, ContentDecidesNotTheName) {
  EXPECT_EQ(decode(data::test::plain_jpeg(4, 3, 1, 2, 3), "a.png").width, 4);
  if (reads_png()) EXPECT_EQ(decode(data::test::plain_png({2, 8}, 4, 3, 1, 2, 3), "a.jpg").width, 4);
}

TEST(Decode, NamesWhatElseAFileIs) {
  EXPECT_THAT(refusal(""), AllOf(HasSubstr("a.jpg"), HasSubstr("it is empty")));
  EXPECT_THAT(refusal("GIF89a........"), HasSubstr("a GIF"));
  EXPECT_THAT(refusal("BM............"), HasSubstr("a BMP"));
  EXPECT_THAT(refusal(std::string("II*\0........", 12)), HasSubstr("a TIFF"));
  EXPECT_THAT(refusal("<html>not found</html>"), AllOf(HasSubstr("not a JPEG"), HasSubstr("does not start like one")));
}

TEST(Decode, RecognisesNamesAndContents) {
  for (const char* name : {"a.jpg", "A.JPEG", "b.jfif", "c.PNG", "d.webp", "e.gif"}) EXPECT_TRUE(has_image_name(name));
  for (const char* name : {"a.txt", "jpg", "a.jpg.txt", ""}) EXPECT_FALSE(has_image_name(name));
  EXPECT_TRUE(begins_like_image("\xFF\xD8\xFF\xE0"));
  EXPECT_TRUE(begins_like_image("\x89PNG\r\n\x1A\n...."));
  EXPECT_TRUE(begins_like_image("RIFF....WEBP"));
  EXPECT_FALSE(begins_like_image("RIFF"));
  EXPECT_FALSE(begins_like_image("BMP text"));
  EXPECT_FALSE(begins_like_image(""));
}

TEST(Decode, ReadsThePngOfImageNetThatIsCalledJpeg) {
  const char* shared = std::getenv("GENSYNTH_SHARED");
  const std::string path = shared == nullptr ? "" : std::string(shared) + "/cases/images/png_called_jpeg.JPEG";
  if (path.empty() || !std::filesystem::exists(path)) GTEST_SKIP() << "GENSYNTH_SHARED has no png_called_jpeg.JPEG";
  if (!reads_png()) GTEST_SKIP() << "built without libpng";
  EXPECT_GT(decode(data::test::read_file(path), path).width, 0);
}

}  // namespace
}  // namespace gensynth::data::image
