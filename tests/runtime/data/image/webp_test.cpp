#include "runtime/data/image/webp.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runtime/data/image/decode.hpp"
#include "tests/runtime/data/sample_pictures.hpp"

namespace gensynth::data::image {
namespace {

using data::test::message_of;

TEST(Webp, Decodes) {
  if (!reads_webp()) GTEST_SKIP() << "built without libwebp";
  const Image image = decode(data::test::plain_webp(7, 5, 200, 100, 30), "x");
  ASSERT_EQ(image.width, 7);
  ASSERT_EQ(image.height, 5);
  ASSERT_EQ(image.rgb.size(), 7U * 5 * 3);
  for (std::size_t i = 0; i < image.rgb.size(); i += 3) {
    EXPECT_EQ(image.rgb[i], 200);
    EXPECT_EQ(image.rgb[i + 1], 100);
    EXPECT_EQ(image.rgb[i + 2], 30);
  }
}

TEST(Webp, RefusesWhatIsCutShort) {
  if (!reads_webp()) GTEST_SKIP() << "built without libwebp";
  const data::test::Bytes whole = data::test::plain_webp(60, 50, 1, 2, 3);
  for (std::size_t size = 12; size < whole.size(); size += 3) {
    const data::test::Bytes part(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_THAT(message_of([&] { decode_webp(part, "a/1.webp"); }), testing::HasSubstr("a/1.webp: WebP"))
        << size << " of " << whole.size() << " bytes";
  }
}

}  // namespace
}  // namespace gensynth::data::image
