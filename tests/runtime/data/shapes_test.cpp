#include "runtime/data/shapes.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "architecture/base/random.hpp"

namespace gensynth::data {
namespace {

constexpr Figure kFigures[] = {Figure::disc, Figure::triangle, Figure::square, Figure::pentagon, Figure::cross,
                               Figure::star, Figure::ring,     Figure::heart,  Figure::bar,      Figure::crescent};

TEST(Shapes, LieWithinTheirRadius) {
  for (const Figure figure : kFigures) {
    int inside = 0;
    for (float y = -2; y <= 2; y += 0.05F) {
      for (float x = -2; x <= 2; x += 0.05F) {
        if (signed_distance(figure, x, y) >= 0) continue;
        ++inside;
        EXPECT_LT(std::hypot(x, y), 1.25F) << static_cast<int>(figure) << " at " << x << ", " << y;
      }
    }
    EXPECT_GT(inside, 300) << static_cast<int>(figure) << " covers hardly anything";
  }
}

TEST(Shapes, DistancesGrowNoFasterThanTheWay) {
  Rng rng(3);
  for (int repeat = 0; repeat < 20'000; ++repeat) {
    const Figure figure = kFigures[below(rng, 10)];
    const auto draw = [&] { return static_cast<float>(4 * uniform01(rng) - 2); };
    const float x = draw();
    const float y = draw();
    const float u = x + 0.01F * draw();
    const float v = y + 0.01F * draw();
    EXPECT_LE(std::fabs(signed_distance(figure, x, y) - signed_distance(figure, u, v)),
              std::hypot(x - u, y - v) * 1.01F + 1e-5F)
        << static_cast<int>(figure);
  }
}

TEST(Shapes, DifferFromOneAnother) {
  for (const Figure a : kFigures) {
    for (const Figure b : kFigures) {
      if (a == b) continue;
      int different = 0;
      for (float y = -1; y <= 1; y += 0.1F) {
        for (float x = -1; x <= 1; x += 0.1F) {
          different += (signed_distance(a, x, y) < 0) != (signed_distance(b, x, y) < 0) ? 1 : 0;
        }
      }
      EXPECT_GT(different, 20) << static_cast<int>(a) << " and " << static_cast<int>(b);
    }
  }
}

TEST(Textures, MixBothColours) {
  for (const Texture texture : {Texture::stripes, Texture::checks, Texture::dots}) {
    double sum = 0;
    int count = 0;
    for (float y = -1; y <= 1; y += 0.02F) {
      for (float x = -1; x <= 1; x += 0.02F, ++count) {
        const float value = texture_value(texture, 10, x, y);
        ASSERT_GE(value, 0);
        ASSERT_LE(value, 1);
        sum += value;
      }
    }
    EXPECT_GT(sum / count, 0.15) << static_cast<int>(texture);
    EXPECT_LT(sum / count, 0.85) << static_cast<int>(texture);
  }
}

}  // namespace
}  // namespace gensynth::data
