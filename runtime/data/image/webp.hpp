#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "runtime/data/image/resample.hpp"

namespace gensynth::data::image {

/// Decodes one WebP picture, lossy or not, to RGB, without its transparency. Throws Error, naming `where`, when it
/// is damaged, truncated or too large, or when the program was built without libwebp.
Image decode_webp(const std::vector<std::uint8_t>& bytes, const std::string& where);
bool reads_webp();

}  // namespace gensynth::data::image
