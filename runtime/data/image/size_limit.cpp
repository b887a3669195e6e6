#include "runtime/data/image/size_limit.hpp"

#include "architecture/base/error.hpp"

namespace gensynth::data::image {

std::unique_lock<std::mutex> admit(std::int64_t width, std::int64_t height, const std::string& where) {
  constexpr std::int64_t kMostPixels = 64'000'000;
  constexpr std::int64_t kLargePixels = 4'000'000;
  static std::mutex large;
  if (width > kMostPixels || height > kMostPixels || width * height > kMostPixels) {
    throw Error(where + ": image of " + std::to_string(width) + " x " + std::to_string(height) +
                " pixels, expected at most " + std::to_string(kMostPixels) + " in all");
  }
  return width * height > kLargePixels ? std::unique_lock(large) : std::unique_lock<std::mutex>();
}

}  // namespace gensynth::data::image
