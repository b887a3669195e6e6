#include "runtime/data/image/exif.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "runtime/data/image/decode.hpp"
#include "tests/runtime/data/sample_pictures.hpp"

namespace gensynth::data::image {
namespace {

using data::test::Bytes;

/// A picture whose pixels are numbered row by row.
Image numbered(int width, int height) {
  Image image{width, height, {}};
  for (int i = 0; i < width * height; ++i) image.rgb.insert(image.rgb.end(), 3, static_cast<std::uint8_t>(i));
  return image;
}

std::string rows(const Image& image) {
  std::string text;
  for (int y = 0; y < image.height; ++y) {
    if (y > 0) text += '/';
    for (int x = 0; x < image.width; ++x) {
      text += static_cast<char>('a' + image.rgb[3 * static_cast<std::size_t>(y * image.width + x)]);
    }
  }
  return text;
}

TEST(Exif, UprightUndoesEachOrientation) {
  // abc/def is what the sensor stored. EXIF defines an orientation by the sides at which row 0 and column 0 are seen.
  EXPECT_EQ(rows(upright(numbered(3, 2), 1)), "abc/def");
  EXPECT_EQ(rows(upright(numbered(3, 2), 2)), "cba/fed");   // row 0 at the top, column 0 at the right
  EXPECT_EQ(rows(upright(numbered(3, 2), 3)), "fed/cba");   // bottom, right
  EXPECT_EQ(rows(upright(numbered(3, 2), 4)), "def/abc");   // bottom, left
  EXPECT_EQ(rows(upright(numbered(3, 2), 5)), "ad/be/cf");  // row 0 at the left, column 0 at the top
  EXPECT_EQ(rows(upright(numbered(3, 2), 6)), "da/eb/fc");  // right, top
  EXPECT_EQ(rows(upright(numbered(3, 2), 7)), "fc/eb/da");  // right, bottom
  EXPECT_EQ(rows(upright(numbered(3, 2), 8)), "cf/be/ad");  // left, bottom
}

TEST(Exif, ReadsTheOrientationInBothByteOrders) {
  const Bytes jpeg = data::test::sample_jpeg(8, 6, 1);
  EXPECT_EQ(exif_orientation(jpeg), 1);
  for (int orientation = 1; orientation <= 8; ++orientation) {
    EXPECT_EQ(exif_orientation(data::test::with_orientation(jpeg, orientation, 'I')), orientation);
    EXPECT_EQ(exif_orientation(data::test::with_orientation(jpeg, orientation, 'M')), orientation);
  }
  EXPECT_EQ(exif_orientation(data::test::with_orientation(jpeg, 9)), 1);
  EXPECT_EQ(exif_orientation(data::test::with_orientation(jpeg, 0)), 1);
}

TEST(Exif, AnyPartOfAFileIsReadWithinItsBounds) {
  const Bytes whole = data::test::with_orientation(data::test::sample_jpeg(8, 6, 1), 6);
  for (std::size_t size = 0; size < 60; ++size) {
    const Bytes part(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    const int orientation = exif_orientation(part);
    EXPECT_TRUE(orientation == 1 || orientation == 6) << size;
  }
}

TEST(Exif, DecodeTurnsThePicture) {
  const Image image = decode(data::test::with_orientation(data::test::sample_jpeg(40, 20, 1), 6), "x");
  EXPECT_EQ(image.width, 20);
  EXPECT_EQ(image.height, 40);
  const Image stored = decode(data::test::sample_jpeg(40, 20, 1), "x");
  EXPECT_EQ(image.rgb, upright(stored, 6).rgb);
}

TEST(Exif, APhotographWithOrientation6IsUpright) {
  const char* shared = std::getenv("GENSYNTH_SHARED");
  const std::string path = shared == nullptr ? "" : std::string(shared) + "/cases/images/exif_orientation_6.jpg";
  if (path.empty() || !std::filesystem::exists(path)) GTEST_SKIP() << "GENSYNTH_SHARED has no exif_orientation_6.jpg";
  const Bytes bytes = data::test::read_file(path);
  EXPECT_EQ(exif_orientation(bytes), 6);
  EXPECT_NO_THROW(decode(bytes, path));
}

}  // namespace
}  // namespace gensynth::data::image
