#include "runtime/data/shapes.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace gensynth::data {
namespace {

constexpr float kPi = std::numbers::pi_v<float>;

/// A regular polygon whose corners lie at radius 1, one of them straight up.
float polygon(int sides, float x, float y) {
  const float wedge = 2 * kPi / static_cast<float>(sides);
  const float angle = std::atan2(x, y);
  const float folded = angle - wedge * (std::floor(angle / wedge) + 0.5F);
  return std::hypot(x, y) * std::cos(folded) - std::cos(wedge / 2);
}

/// A star of five rays: the edge runs straight from a tip (radius 1.1) to a notch (radius 0.45).
float star(float x, float y) {
  constexpr float kTip = 1.1F;
  constexpr float kNotch = 0.45F;
  constexpr float kHalf = kPi / 5;
  const float angle = std::fabs(std::remainder(std::atan2(x, y), 2 * kHalf));
  const float radius = std::hypot(x, y);
  const float px = radius * std::cos(angle) - kTip;
  const float py = radius * std::sin(angle);
  const float ex = kNotch * std::cos(kHalf) - kTip;
  const float ey = kNotch * std::sin(kHalf);
  return (px * ey - py * ex) / std::hypot(ex, ey);
}

float box(float half_width, float half_height, float x, float y) {
  return std::max(std::fabs(x) - half_width, std::fabs(y) - half_height);
}

float disc(float radius, float x, float y) { return std::hypot(x, y) - radius; }

}  // namespace

float signed_distance(Figure figure, float x, float y) {
  switch (figure) {
    case Figure::disc:
      return disc(0.9F, x, y);
    case Figure::triangle:
      return polygon(3, x, y + 0.1F);
    case Figure::square:
      return box(0.78F, 0.78F, x, y);
    case Figure::pentagon:
      return polygon(5, x, y);
    case Figure::cross:
      return std::min(box(0.95F, 0.33F, x, y), box(0.33F, 0.95F, x, y));
    case Figure::star:
      return star(x, y);
    case Figure::ring:
      return std::fabs(std::hypot(x, y) - 0.7F) - 0.25F;
    case Figure::heart:
      // A square on its corner, with a disc over each of its upper sides.
      return std::min({(std::fabs(x) + std::fabs(y + 0.3F) - 0.8F) / std::numbers::sqrt2_v<float>,
                       disc(0.566F, x - 0.4F, y - 0.1F), disc(0.566F, x + 0.4F, y - 0.1F)});
    case Figure::bar:
      return box(0.35F, 1.0F, x, y);
    case Figure::crescent:
      return std::max(disc(0.95F, x, y), -disc(0.8F, x - 0.5F, y));
  }
  return 1;
}

float texture_value(Texture texture, float frequency, float x, float y) {
  const float u = std::sin(frequency * x);
  const float v = std::sin(frequency * y);
  const auto sharpen = [](float value) { return std::clamp(0.5F + 2 * value, 0.0F, 1.0F); };
  switch (texture) {
    case Texture::plain:
      return 0;
    case Texture::stripes:
      return sharpen(u);
    case Texture::checks:
      return sharpen(u * v * 2);
    case Texture::dots:
      return sharpen(u + v - 0.7F);
  }
  return 0;
}

}  // namespace gensynth::data
