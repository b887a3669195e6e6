#include "runtime/data/image/exif.hpp"

#include <cstring>
#include <utility>

namespace gensynth::data::image {
namespace {

constexpr int kUpright = 1;

/// A TIFF structure, whose numbers have the byte order that its head states. Places beyond its end read as 0.
class Tiff {
 public:
  Tiff(const std::uint8_t* at, std::size_t size) : at_(at), size_(size), little_(size > 0 && at[0] == 'I') {}

  std::uint32_t number(std::size_t offset, std::size_t bytes) const {
    if (offset > size_ || bytes > size_ - offset) return 0;
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < bytes; ++i) value = value << 8 | at_[offset + (little_ ? bytes - 1 - i : i)];
    return value;
  }

  int orientation() const {
    constexpr std::uint32_t kOrientationTag = 0x0112;
    constexpr std::size_t kEntryBytes = 12;
    const std::size_t table = number(4, 4);
    const std::size_t entries = number(table, 2);
    for (std::size_t i = 0; i < entries; ++i) {
      const std::size_t entry = table + 2 + i * kEntryBytes;
      if (number(entry, 2) != kOrientationTag) continue;
      const std::uint32_t value = number(entry + 8, 2);
      return value >= 1 && value <= 8 ? static_cast<int>(value) : kUpright;
    }
    return kUpright;
  }

 private:
  const std::uint8_t* at_;
  std::size_t size_;
  bool little_;
};

}  // namespace

int exif_orientation(const std::vector<std::uint8_t>& jpeg) {
  constexpr std::uint8_t kMarker = 0xFF, kApp1 = 0xE1, kStartOfScan = 0xDA;
  constexpr char kExif[6] = {'E', 'x', 'i', 'f', 0, 0};
  std::size_t at = 2;  // behind the start of the image
  while (at + 4 <= jpeg.size() && jpeg[at] == kMarker && jpeg[at + 1] != kStartOfScan) {
    const std::size_t length = std::size_t{jpeg[at + 2]} << 8 | jpeg[at + 3];  // with its own two bytes
    if (length < 2 || length > jpeg.size() - at - 2) return kUpright;
    const std::uint8_t* content = jpeg.data() + at + 4;
    if (jpeg[at + 1] == kApp1 && length >= 2 + sizeof kExif && std::memcmp(content, kExif, sizeof kExif) == 0) {
      return Tiff(content + sizeof kExif, length - 2 - sizeof kExif).orientation();
    }
    at += 2 + length;
  }
  return kUpright;
}

Image upright(Image image, int orientation) {
  if (orientation <= kUpright || orientation > 8) return image;
  const bool transposed = orientation >= 5;
  const bool from_right = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
  const bool from_bottom = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
  Image result;
  result.width = transposed ? image.height : image.width;
  result.height = transposed ? image.width : image.height;
  result.rgb.resize(image.rgb.size());
  std::uint8_t* to = result.rgb.data();
  for (int y = 0; y < result.height; ++y) {
    for (int x = 0; x < result.width; ++x, to += 3) {
      const int along = transposed ? y : x;  // column of the stored image, before mirroring
      const int down = transposed ? x : y;
      const auto column = static_cast<std::size_t>(from_right ? image.width - 1 - along : along);
      const auto row = static_cast<std::size_t>(from_bottom ? image.height - 1 - down : down);
      std::memcpy(to, image.rgb.data() + (row * static_cast<std::size_t>(image.width) + column) * 3, 3);
    }
  }
  return result;
}

}  // namespace gensynth::data::image
