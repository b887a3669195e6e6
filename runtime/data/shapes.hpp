#pragma once

namespace gensynth::data {

/// Plane figures by signed distance: negative inside, in units of the figure's radius, which is about 1.
enum class Figure { disc, triangle, square, pentagon, cross, star, ring, heart, bar, crescent };
float signed_distance(Figure figure, float x, float y);

/// The texture of a figure: a value in [0, 1] that mixes its two colours, at a place in the figure's own frame.
enum class Texture { plain, stripes, checks, dots };
float texture_value(Texture texture, float frequency, float x, float y);

}  // namespace gensynth::data
