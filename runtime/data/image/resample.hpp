#pragma once

#include <cstdint>
#include <vector>

namespace gensynth::data::image {

/// 8-bit RGB, row by row.
struct Image {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> rgb;
};

/// Scales the largest centred square of `image` to px x px, by area average to shrink and bilinearly (pixel centres
/// aligned) to grow. Returns px * px * 3 bytes.
std::vector<std::uint8_t> fit(const Image& image, int px);

}  // namespace gensynth::data::image
