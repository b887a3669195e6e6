#pragma once

#include <cstdint>
#include <vector>

#include "architecture/base/random.hpp"
#include "runtime/data/shapes.hpp"

namespace gensynth::data {

struct Colour {
  float r, g, b;  ///< 0 to 255
};

/// One figure in the picture; lengths are in shares of the picture's side.
struct Layer {
  Figure figure = Figure::disc;
  float x = 0.5F;
  float y = 0.5F;
  float radius = 0.3F;
  float rotation = 0;
  Texture texture = Texture::plain;
  float frequency = 10;
  float texture_rotation = 0;
  Colour base{};
  Colour second{};
  float stretch = 1;  ///< length over width
};

/// A square picture, painted layer upon layer with soft edges.
class Picture {
 public:
  explicit Picture(int px);

  /// Fills all of it: a colour under a gentle gradient and waves.
  void background(Rng& rng, const Colour& colour);
  void draw(const Layer& layer);
  /// To bytes, with triangular noise of the given amplitude on every value.
  std::vector<std::uint8_t> finish(Rng& rng, float amplitude) const;

 private:
  float place(int index) const { return (static_cast<float>(index) + 0.5F) / static_cast<float>(px_); }
  void blend(int row, int column, const Colour& colour, float cover);

  int px_;
  std::vector<float> values_;
};

float between(Rng& rng, float low, float high);

}  // namespace gensynth::data
