#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "runtime/data/digest.hpp"

namespace gensynth::data {

/// The data of one image in the cache, besides its pixels.
struct ImageRecord {
  Digest pixels;              ///< of the pixels, to find a damaged file
  std::uint64_t sum[3] = {};  ///< over pixels, by channel
  std::uint64_t square_sum[3] = {};
  std::int32_t label = 0;
  std::uint8_t validation = 0;
  std::uint8_t dropped = 0;  ///< not 0: belongs to no split; the reason is the caller's
  std::uint16_t unused = 0;
};

/// One file of decoded images that processes share. Layout: header, pixels from a page boundary on, then key,
/// description and records. Native byte order: a cache from another machine is made again.
class CacheFile {
 public:
  struct Plan {
    std::string description;  ///< JSON of the caller; `fill` may complete it
    int px = 0;
    std::vector<ImageRecord> records;  ///< labels and splits; `fill` completes them
  };
  /// Puts one image's pixels (px * px * 3 bytes) in its place; callable from several threads.
  using Put = std::function<void(std::size_t image, const std::uint8_t* pixels)>;

  /// Maps `path` read-only and checks its sizes and checksums. Returns nothing when the file does not exist, is
  /// damaged, or belongs to another `key` (two keys may have the same file name).
  static std::optional<CacheFile> open(const std::string& path, const std::string& key);

  /// Opens `path`, or makes it: `plan` lists the images, `fill` writes their pixels. A lock beside the file lets one
  /// process make it while others wait for it. Readers see the whole file or none. Throws Error when the disk is full,
  /// and the exceptions of `plan` and `fill`; no partial file remains.
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
