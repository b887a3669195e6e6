#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "runtime/data/image/resample.hpp"

namespace gensynth::data::image {

/// Decodes one PNG of any colour type and depth to RGB, without its transparency. Throws Error, naming `where`, when it
/// is damaged, truncated or too large, or when the program was built without libpng.
Image decode_png(const std::vector<std::uint8_t>& bytes, const std::string& where);
bool reads_png();

}  // namespace gensynth::data::image
