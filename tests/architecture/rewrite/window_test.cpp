#include "architecture/rewrite/window.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "architecture/base/random.hpp"

namespace gensynth {
namespace {

/// Places read and useful taps, computed by going through every position.
std::pair<int, int> counted(const WindowAxis& axis) {
  std::set<int> places;
  std::set<int> taps;
  for (int position = 0; position < axis.out; ++position) {
    for (int tap = 0; tap < axis.kernel; ++tap) {
      const int place = position * axis.stride - axis.padding + tap * axis.dilation;
      if (place < 0 || place >= axis.in) continue;
      places.insert(place);
      taps.insert(tap);
    }
  }
  return {static_cast<int>(places.size()), static_cast<int>(taps.size())};
}

TEST(Window, CountsAsGoingThroughEveryPositionDoes) {
  Rng rng(5);
  for (int i = 0; i < 20'000; ++i) {
    WindowAxis axis;
    axis.in = 1 + below(rng, 20);
    axis.kernel = 1 + below(rng, 7);
    axis.stride = 1 + below(rng, 6);
    axis.padding = below(rng, 9);
    axis.dilation = 1 + below(rng, below(rng, 4) == 0 ? 30 : 3);
    const int room = axis.in + 2 * axis.padding - axis.dilation * (axis.kernel - 1) - 1;
    if (room < 0) continue;
    axis.out = room / axis.stride + 1;
    const auto [places, taps] = counted(axis);
    ASSERT_EQ(places_read(axis), places);
    ASSERT_EQ(useful_taps(axis), taps);
  }
}

TEST(Window, TapsOffTheMapAreNone) {
  EXPECT_EQ(useful_taps(WindowAxis{.in = 32, .out = 32, .kernel = 3, .padding = 101, .dilation = 101}), 1);
  EXPECT_EQ(useful_taps(WindowAxis{.in = 1, .out = 1, .kernel = 3, .padding = 1}), 1);
  EXPECT_EQ(useful_taps(WindowAxis{.in = 2, .out = 2, .kernel = 5, .padding = 2}), 3);
  EXPECT_EQ(useful_taps(WindowAxis{.in = 7, .out = 7, .kernel = 5, .padding = 2}), 5);
}

TEST(Window, ResizingReadsOneOrTwoPlaces) {
  EXPECT_EQ(places_read(ResizeMode::nearest, 64, 32), 32);
  EXPECT_EQ(places_read(ResizeMode::nearest, 32, 64), 32);
  EXPECT_EQ(places_read(ResizeMode::bilinear, 64, 32), 64);
  EXPECT_EQ(places_read(ResizeMode::bilinear, 63, 21), 21);  // the centre of three, exactly
  EXPECT_EQ(places_read(ResizeMode::bilinear, 64, 16), 32);
  EXPECT_EQ(places_read(ResizeMode::bilinear, 7, 4), 7);
}

TEST(Window, BlurringReflectsAtTheBorder) {
  EXPECT_EQ(places_read(BlurPool{3, 2}, 64, 32), 64);
  EXPECT_EQ(places_read(BlurPool{3, 2}, 7, 4), 7);
  EXPECT_EQ(places_read(BlurPool{2, 4}, 64, 16), 32);
  EXPECT_EQ(places_read(BlurPool{5, 16}, 64, 4), 18);  // 3, 5, 5, 5
}

}  // namespace
}  // namespace gensynth
