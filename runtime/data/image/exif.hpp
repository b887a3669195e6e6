#pragma once

#include <cstdint>
#include <vector>

#include "runtime/data/image/resample.hpp"

namespace gensynth::data::image {

/// How a camera was held, from the EXIF data of a JPEG (tag 0x0112; CIPA DC-008): 1 to 8, where 1 is upright. 1 also
/// where there is no such tag or it cannot be understood.
int exif_orientation(const std::vector<std::uint8_t>& jpeg);

/// Turns and mirrors an image with the given orientation upright.
Image upright(Image image, int orientation);

}  // namespace gensynth::data::image
