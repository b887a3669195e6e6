#include "runtime/data/image/resample.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "architecture/base/random.hpp"

namespace gensynth::data::image {
namespace {

using testing::ElementsAre;

Image grey(int width, int height, const std::vector<std::uint8_t>& values) {
  Image image{width, height, {}};
  for (const std::uint8_t value : values) image.rgb.insert(image.rgb.end(), 3, value);
  return image;
}

std::vector<int> red(const std::vector<std::uint8_t>& rgb) {
  std::vector<int> values;
  for (std::size_t i = 0; i < rgb.size(); i += 3) values.push_back(rgb[i]);
  return values;
}

TEST(Fit, KeepsAnImageOfTheRightSize) {
  Rng rng(1);
  Image image{9, 9, std::vector<std::uint8_t>(9 * 9 * 3)};
  for (std::uint8_t& value : image.rgb) value = static_cast<std::uint8_t>(below(rng, 256));
  EXPECT_EQ(fit(image, 9), image.rgb);
}

TEST(Fit, AveragesAreasWhereItShrinks) {
  EXPECT_THAT(red(fit(grey(2, 2, {0, 100, 200, 100}), 1)), ElementsAre(100));
  // 3 to 2: each output covers one and a half inputs.
  EXPECT_THAT(red(fit(grey(3, 3, {0, 90, 180, 0, 90, 180, 0, 90, 180}), 2)), ElementsAre(30, 150, 30, 150));
}

TEST(Fit, InterpolatesWhereItGrows) {
  EXPECT_THAT(red(fit(grey(2, 2, {0, 100, 0, 100}), 4)),
              ElementsAre(0, 25, 75, 100, 0, 25, 75, 100, 0, 25, 75, 100, 0, 25, 75, 100));
  EXPECT_THAT(red(fit(grey(1, 1, {77}), 2)), ElementsAre(77, 77, 77, 77));
}

TEST(Fit, TakesTheCentredSquare) {
  EXPECT_THAT(red(fit(grey(5, 1, {1, 2, 3, 4, 5}), 1)), ElementsAre(3));
  EXPECT_THAT(red(fit(grey(1, 3, {10, 20, 30}), 1)), ElementsAre(20));
}

TEST(Fit, KeepsChannelsApart) { EXPECT_THAT(fit({2, 1, {1, 2, 3, 1, 2, 3}}, 1), ElementsAre(1, 2, 3)); }

TEST(Fit, KeepsTheMeanOfRandomImagesThatShrink) {
  Rng rng(2);
  for (int repeat = 0; repeat < 50; ++repeat) {
    const int side = 2 + below(rng, 60);
    const int px = 1 + below(rng, side);
    Image image{side, side, {}};
    double mean = 0;
    for (int i = 0; i < side * side * 3; ++i) {
      image.rgb.push_back(static_cast<std::uint8_t>(below(rng, 256)));
      mean += image.rgb.back();
    }
    mean /= side * side * 3;
    double shrunk = 0;
    for (const std::uint8_t value : fit(image, px)) shrunk += value;
    EXPECT_NEAR(shrunk / (px * px * 3), mean, 0.6) << side << " to " << px;
  }
}

}  // namespace
}  // namespace gensynth::data::image
