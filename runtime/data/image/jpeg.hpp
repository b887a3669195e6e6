#pragma once

#include <string>
#include <vector>

#include "runtime/data/image/resample.hpp"

namespace gensynth::data::image {

/// Decodes one JPEG of any colour space to RGB, upright as its EXIF data says; one of more than 16 million pixels at
/// half its size. Throws Error, naming `where`, when it is damaged, truncated or
/// another kind of file.
Image decode_jpeg(const std::vector<std::uint8_t>& bytes, const std::string& where);

}  // namespace gensynth::data::image
