#pragma once

#include <string>
#include <vector>

#include "runtime/data/resample.hpp"

namespace gensynth::data {

/// Decodes one JPEG of any colour space to RGB. Throws Error, naming `where`, when it is damaged, truncated or
/// another kind of file.
Image decode_jpeg(const std::vector<std::uint8_t>& bytes, const std::string& where);

}  // namespace gensynth::data
