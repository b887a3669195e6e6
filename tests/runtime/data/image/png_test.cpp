#include "runtime/data/image/png.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runtime/data/image/decode.hpp"
#include "tests/runtime/data/sample_pictures.hpp"

namespace gensynth::data::image {
namespace {

using data::test::message_of;
using data::test::plain_png;
using data::test::PngKind;

void expect_plain(const Image& image, int r, int g, int b) {
  ASSERT_EQ(image.width, 7);
  ASSERT_EQ(image.height, 5);
  ASSERT_EQ(image.rgb.size(), 7U * 5 * 3);
  for (std::size_t i = 0; i < image.rgb.size(); i += 3) {
    EXPECT_EQ(image.rgb[i], r);
    EXPECT_EQ(image.rgb[i + 1], g);
    EXPECT_EQ(image.rgb[i + 2], b);
  }
}

TEST(Png, DecodesEveryColourTypeAndDepth) {
  if (!reads_png()) GTEST_SKIP() << "built without libpng";
  for (const PngKind& kind : {PngKind{2, 8}, PngKind{2, 16}, PngKind{3, 8}, PngKind{6, 8}, PngKind{6, 16}}) {
    SCOPED_TRACE(testing::Message() << "colour type " << kind.colour_type << ", " << kind.depth << " bits");
    expect_plain(decode(plain_png(kind, 7, 5, 200, 100, 30), "x"), 200, 100, 30);
  }
  for (const PngKind& kind : {PngKind{0, 8}, PngKind{0, 16}, PngKind{4, 8}, PngKind{4, 16}}) {
    SCOPED_TRACE(testing::Message() << "colour type " << kind.colour_type << ", " << kind.depth << " bits");
    expect_plain(decode(plain_png(kind, 7, 5, 90, 0, 0), "x"), 90, 90, 90);
  }
}

TEST(Png, RefusesWhatIsDamagedOrCutShort) {
  if (!reads_png()) GTEST_SKIP() << "built without libpng";
  const data::test::Bytes whole = plain_png({2, 8}, 60, 50, 1, 2, 3);
  for (std::size_t size = 8; size + 16 < whole.size(); size += 5) {
    const data::test::Bytes part(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_THAT(message_of([&] { decode_png(part, "a/1.png"); }), testing::HasSubstr("a/1.png: PNG cannot be decoded"))
        << size << " of " << whole.size() << " bytes";
  }
  data::test::Bytes changed = whole;
  changed[changed.size() - 20] ^= 0x55;
  EXPECT_NE(message_of([&] { decode_png(changed, "x"); }), "");
}

TEST(Png, RefusesMorePixelsThanAreDecodedByItsHeader) {
  if (!reads_png()) GTEST_SKIP() << "built without libpng";
  const data::test::Bytes wide = plain_png({0, 8}, 70'000, 1'000, 0, 0, 0);  // 70 kB of a picture of 70 MB
  EXPECT_THAT(message_of([&] { decode_png(wide, "x.png"); }),
              testing::AllOf(testing::HasSubstr("x.png"), testing::HasSubstr("70000 x 1000 pixels")));
}

}  // namespace
}  // namespace gensynth::data::image
