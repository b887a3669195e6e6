#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "runtime/data/digest.hpp"

namespace gensynth::data {

/// What the cache holds of one image beside its pixels.
struct ImageRecord {
  Digest pixels;              ///< of the pixels, to find a damaged file
  std::uint64_t sum[3] = {};  ///< over pixels, by channel
  std::uint64_t square_sum[3] = {};
  std::int32_t label = 0;
  std::uint8_t validation = 0;
  std::uint8_t dropped = 0;  ///< a duplicate: belongs to no split
  std::uint16_t unused = 0;
};

/// One file of decoded images that processes share. Layout: header, description (text), records, pixels from a page
/// boundary on. Native byte order: it is a cache, made anew wherever it does not fit.
class CacheFile {
 public:
  struct Plan {
    std::string description;  ///< JSON of the caller, known before the pixels are
    int px = 0;
    std::vector<ImageRecord> records;  ///< labels and splits; `fill` completes them
  };
  /// Puts one image's pixels (px * px * 3 bytes) in its place; callable from several threads.
  using Put = std::function<void(std::size_t image, const std::uint8_t* pixels)>;

  /// Maps `path` read-only and checks sizes and sums of all of it. Nothing when there is no such file, when it is
  /// damaged, or when it belongs to another `key` (two keys may meet in one name).
  static std::optional<CacheFile> open(const std::string& path, const std::string& key);

  /// Makes `path`: `plan` says what it will hold, `fill` puts the pixels. One process does so at a time (a lock
  /// beside the file); others wait and find it done. Readers see all of the file or none. Throws Error when the disk
  /// has no room, and whatever `plan` and `fill` throw, leaving nothing behind.
  static CacheFile open_or_make(const std::string& path, const std::string& key, const std::function<Plan()>& plan,
                                const std::function<void(Plan&, const Put&)>& fill);

  ~CacheFile();
  CacheFile(CacheFile&& other) noexcept;
  CacheFile& operator=(CacheFile&& other) noexcept;

  int px() const { return px_; }
  const std::string& description() const { return description_; }
  const std::vector<ImageRecord>& records() const { return records_; }
  const std::uint8_t* pixels(std::size_t image) const { return pixels_ + image * image_bytes_; }
  const Digest& content() const { return content_; }  ///< of description and records, hence of all pixels

 private:
  CacheFile() = default;

  int px_ = 0;
  std::size_t image_bytes_ = 0;
  std::string description_;
  std::vector<ImageRecord> records_;
  Digest content_;
  void* map_ = nullptr;
  std::size_t map_bytes_ = 0;
  const std::uint8_t* pixels_ = nullptr;
};

}  // namespace gensynth::data
