#include "runtime/data/image/jpeg.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/runtime/data/sample_files.hpp"

namespace gensynth::data::image {
namespace {

using data::test::Bytes;
using data::test::message_of;
using testing::AllOf;
using testing::HasSubstr;

TEST(Jpeg, DecodesToRgb) {
  const Image image = decode_jpeg(test::plain_jpeg(7, 5, 200, 100, 30), "x");
  ASSERT_EQ(image.width, 7);
  ASSERT_EQ(image.height, 5);
  ASSERT_EQ(image.rgb.size(), 7U * 5 * 3);
  for (std::size_t i = 0; i < image.rgb.size(); i += 3) {
    EXPECT_NEAR(image.rgb[i], 200, 3);
    EXPECT_NEAR(image.rgb[i + 1], 100, 3);
    EXPECT_NEAR(image.rgb[i + 2], 30, 3);
  }
}

TEST(Jpeg, MakesGreyImagesRgb) {
  const Image image = decode_jpeg(test::sample_jpeg(16, 16, 3, true), "x");
  ASSERT_EQ(image.rgb.size(), 16U * 16 * 3);
  for (std::size_t i = 0; i < image.rgb.size(); i += 3) {
    EXPECT_EQ(image.rgb[i], image.rgb[i + 1]);
    EXPECT_EQ(image.rgb[i], image.rgb[i + 2]);
  }
}

TEST(Jpeg, RefusesWhatIsCutShortAnywhere) {
  const test::Bytes whole = test::sample_jpeg(40, 40, 1);
  for (std::size_t size = 0; size + 2 < whole.size(); size += 1 + whole.size() / 30) {
    const test::Bytes part(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_THAT(message_of([&] { decode_jpeg(part, "train/a/1.jpg"); }), HasSubstr("train/a/1.jpg: "))
        << size << " of " << whole.size() << " bytes";
  }
}

TEST(Jpeg, SaysWhatElseAFileIs) {
  EXPECT_THAT(message_of([] { decode_jpeg({}, "a.jpg"); }), AllOf(HasSubstr("a.jpg"), HasSubstr("empty")));
  EXPECT_THAT(message_of([] { decode_jpeg({0x89, 'P', 'N', 'G', 13, 10, 26, 10}, "a.jpg"); }), HasSubstr("PNG"));
  EXPECT_THAT(message_of([] { decode_jpeg({'t', 'e', 'x', 't'}, "a.jpg"); }), HasSubstr("not a JPEG"));
}

}  // namespace
}  // namespace gensynth::data::image
