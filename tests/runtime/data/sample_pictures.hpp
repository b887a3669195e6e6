#pragma once

#include "tests/runtime/data/sample_files.hpp"

namespace gensynth::data::test {

/// Colour type and depth of a PNG, as the format numbers them: 0 grey, 2 RGB, 3 palette, 4 grey with alpha, 6 RGBA.
struct PngKind {
  int colour_type = 2;
  int depth = 8;
};
/// A PNG of one colour, whose alpha, where there is one, is a half. Grey kinds take `r`.
Bytes plain_png(const PngKind& kind, int width, int height, std::uint8_t r, std::uint8_t g, std::uint8_t b);

/// A lossless WebP of one colour.
Bytes plain_webp(int width, int height, std::uint8_t r, std::uint8_t g, std::uint8_t b);

/// The JPEG with EXIF data that states its orientation, in the byte order 'I' (little endian) or 'M'.
Bytes with_orientation(const Bytes& jpeg, int orientation, char byte_order = 'I');

}  // namespace gensynth::data::test
