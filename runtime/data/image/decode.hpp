#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/data/image/resample.hpp"

namespace gensynth::data::image {

constexpr std::uint64_t kMostFileBytes = 256'000'000;
constexpr std::size_t kHeadBytes = 12;  ///< enough to recognise a format

/// Whether a file of this name is meant to be an image, whatever its format.
bool has_image_name(std::string_view name);
/// Whether a file that begins with these bytes is an image of a format that `decode` reads.
bool begins_like_image(std::string_view head);
/// The formats that `decode` reads, for messages: "JPEG, PNG or WebP".
std::string readable_formats();

/// Decodes an image to upright RGB. The content decides about the format, not the name. Transparency is dropped, and of
/// 16 bits the upper ones are kept. Throws Error, naming `where`, when it is damaged, truncated, too large or of
/// another format. Images of more than some million pixels are decoded one at a time, so that threads together stay
/// below 512 MB.
Image decode(const std::vector<std::uint8_t>& bytes, const std::string& where);

}  // namespace gensynth::data::image
