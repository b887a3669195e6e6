#include "runtime/data/picture.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace gensynth::data {
namespace {

constexpr float kPi = std::numbers::pi_v<float>;

}  // namespace

float between(Rng& rng, float low, float high) { return low + (high - low) * static_cast<float>(uniform01(rng)); }

Picture::Picture(int px) : px_(px), values_(static_cast<std::size_t>(px * px * 3)) {}

void Picture::background(Rng& rng, const Colour& colour) {
  const float direction = between(rng, 0, 2 * kPi);
  const float strength = between(rng, 0, 50);
  const float wave = between(rng, 0, 12);
  const float frequency = between(rng, 6, 30);
  const float phase = between(rng, 0, 2 * kPi);
  for (int row = 0; row < px_; ++row) {
    for (int column = 0; column < px_; ++column) {
      const float u = (place(column) - 0.5F) * std::cos(direction) + (place(row) - 0.5F) * std::sin(direction);
      const float light = strength * u + wave * std::sin(frequency * u + phase);
      blend(row, column, {colour.r + light, colour.g + light, colour.b + light}, 1);
    }
  }
}

void Picture::draw(const Layer& layer) {
  const float reach = layer.radius * 1.25F * std::max(layer.stretch, 1.0F);
  const auto edge = [&](float at) { return std::clamp(static_cast<int>(at * static_cast<float>(px_)), 0, px_); };
  const float cosine = std::cos(layer.rotation);
  const float sine = std::sin(layer.rotation);
  const float texture_cosine = std::cos(layer.texture_rotation);
  const float texture_sine = std::sin(layer.texture_rotation);
  const float sharpness = layer.radius * static_cast<float>(px_);  // pixels in one unit of the figure's frame
  for (int row = edge(layer.y - reach); row < edge(layer.y + reach + 1.0F / static_cast<float>(px_)); ++row) {
    for (int column = edge(layer.x - reach); column < edge(layer.x + reach + 1.0F / static_cast<float>(px_));
         ++column) {
      const float dx = (place(column) - layer.x) / layer.radius;
      const float dy = (layer.y - place(row)) / layer.radius;
      const float u = cosine * dx + sine * dy;
      const float v = (cosine * dy - sine * dx) / layer.stretch;
      const float cover = std::clamp(0.5F - signed_distance(layer.figure, u, v) * sharpness, 0.0F, 1.0F);
      if (cover <= 0) continue;
      const float mix = texture_value(layer.texture, layer.frequency, texture_cosine * u + texture_sine * v,
                                      texture_cosine * v - texture_sine * u);
      const Colour& a = layer.base;
      const Colour& b = layer.second;
      blend(row, column, {a.r + mix * (b.r - a.r), a.g + mix * (b.g - a.g), a.b + mix * (b.b - a.b)}, cover);
    }
  }
}

std::vector<std::uint8_t> Picture::finish(Rng& rng, float amplitude) const {
  std::vector<std::uint8_t> bytes(values_.size());
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < values_.size(); ++i) {
    if (i % 4 == 0) bits = rng();
    const auto sum = static_cast<float>((bits & 0xff) + ((bits >> 8) & 0xff));
    bits >>= 16;
    bytes[i] = static_cast<std::uint8_t>(std::clamp(values_[i] + amplitude * (sum / 255 - 1) + 0.5F, 0.0F, 255.0F));
  }
  return bytes;
}

void Picture::blend(int row, int column, const Colour& colour, float cover) {
  float* at = values_.data() + static_cast<std::size_t>((row * px_ + column) * 3);
  at[0] += cover * (colour.r - at[0]);
  at[1] += cover * (colour.g - at[1]);
  at[2] += cover * (colour.b - at[2]);
}

}  // namespace gensynth::data
