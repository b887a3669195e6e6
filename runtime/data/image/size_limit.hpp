#pragma once

#include <cstdint>
#include <mutex>
#include <string>

namespace gensynth::data::image {

/// Throws Error, naming `where`, for an image with more pixels than are decoded (64 million). Returns a lock that large
/// images hold while they are decoded, so that only one of them is in memory; small ones get an empty lock.
std::unique_lock<std::mutex> admit(std::int64_t width, std::int64_t height, const std::string& where);

}  // namespace gensynth::data::image
