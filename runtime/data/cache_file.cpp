#include "runtime/data/cache_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <type_traits>
#include <utility>

#include "architecture/base/error.hpp"

namespace gensynth::data {
namespace {

constexpr char kMagic[8] = {'G', 'S', 'I', 'M', 'A', 'G', 'E', 'S'};
constexpr std::uint32_t kVersion = 2;
constexpr std::uint64_t kPage = 4096;

struct Header {
  char magic[8] = {};
  std::uint32_t version = 0;
  std::uint32_t px = 0;
  std::uint64_t images = 0;
  std::uint64_t key_bytes = 0;
  std::uint64_t description_bytes = 0;
  std::uint64_t pixel_offset = 0;
  std::uint64_t file_bytes = 0;
  Digest tables;  ///< of key, description and records
  Digest header;  ///< of all of the above
};
static_assert(sizeof(Header) <= kPage);
static_assert(std::is_trivially_copyable_v<Header> && std::is_trivially_copyable_v<ImageRecord>);

Digest header_digest(const Header& header) { return digest(&header, offsetof(Header, header)); }

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return number_; }
  explicit operator bool() const { return number_ >= 0; }

 private:
  int number_;
};

[[noreturn]] void fail(const std::string& path, const std::string& what) {
  const int number = errno;
  throw Error(path + ": data cache " + what + ": " + std::strerror(number), kind_of_errno(number));
}

bool read_all(int file, void* to, std::size_t size, std::uint64_t offset) {
  auto* at = static_cast<char*>(to);
  while (size > 0) {
    const ssize_t got = ::pread(file, at, size, static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    at += got;
    size -= static_cast<std::size_t>(got);
    offset += static_cast<std::uint64_t>(got);
  }
  return true;
}

void write_all(int file, const std::string& path, const void* from, std::size_t size, std::uint64_t offset) {
  const auto* at = static_cast<const char*>(from);
  while (size > 0) {
    const ssize_t put = ::pwrite(file, at, size, static_cast<off_t>(offset));
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) fail(path, "cannot be written");
    at += put;
    size -= static_cast<std::size_t>(put);
    offset += static_cast<std::uint64_t>(put);
  }
}

std::string tables_of(const std::string& key, const std::string& description, const std::vector<ImageRecord>& records) {
  std::string tables = key + description;
  tables.append(reinterpret_cast<const char*>(records.data()), records.size() * sizeof(ImageRecord));
  return tables;
}

void require_room(const std::string& path, std::uint64_t bytes) {
  const std::string folder = std::filesystem::path(path).parent_path().string();
  struct statvfs status {};
  if (::statvfs(folder.empty() ? "." : folder.c_str(), &status) != 0) fail(path, "cannot be made");
  const std::uint64_t free = static_cast<std::uint64_t>(status.f_bavail) * status.f_frsize;
  if (free >= bytes) return;
  constexpr std::uint64_t kMega = 1'000'000;
  throw Error(path + ": data cache needs " + std::to_string(bytes / kMega + 1) + " MB, but only " +
                  std::to_string(free / kMega) + " MB are free there; free some, or use fewer images, classes or px",
              ErrorKind::environment);
}

void record_pixels(ImageRecord& record, const std::uint8_t* pixels, std::size_t bytes) {
  record.pixels = digest(pixels, bytes);
  for (int c = 0; c < 3; ++c) record.sum[c] = record.square_sum[c] = 0;
  for (std::size_t i = 0; i < bytes; ++i) {
    const std::uint64_t value = pixels[i];
    record.sum[i % 3] += value;
    record.square_sum[i % 3] += value * value;
  }
}

/// Writes the whole file under a temporary name, then renames it.
void make(const std::string& path, const std::string& key, const std::function<CacheFile::Plan()>& make_plan,
          const std::function<void(CacheFile::Plan&, const CacheFile::Put&)>& fill) {
  CacheFile::Plan plan = make_plan();
  const std::size_t image_bytes = static_cast<std::size_t>(plan.px) * static_cast<std::size_t>(plan.px) * 3;
  Header header;
  std::memcpy(header.magic, kMagic, sizeof kMagic);
  header.version = kVersion;
  header.px = static_cast<std::uint32_t>(plan.px);
  header.images = plan.records.size();
  header.key_bytes = key.size();
  header.pixel_offset = kPage;
  const std::uint64_t pixels_end = header.pixel_offset + plan.records.size() * image_bytes;
  require_room(path, pixels_end + key.size() + plan.description.size() + plan.records.size() * sizeof(ImageRecord));

  // No other process uses this name while the lock is held; the remains of a killed process are overwritten.
  const std::string temporary = path + ".tmp";
  const Descriptor file(::open(temporary.c_str(), O_CREAT | O_TRUNC | O_RDWR | O_CLOEXEC, 0644));
  if (!file) fail(temporary, "cannot be made");
  try {
    if (::ftruncate(file.get(), static_cast<off_t>(pixels_end)) != 0) fail(temporary, "cannot be written");
    fill(plan, [&](std::size_t image, const std::uint8_t* pixels) {
      record_pixels(plan.records[image], pixels, image_bytes);
      write_all(file.get(), temporary, pixels, image_bytes, header.pixel_offset + image * image_bytes);
    });
    const std::string tables = tables_of(key, plan.description, plan.records);
    header.tables = digest(tables.data(), tables.size());
    header.description_bytes = plan.description.size();
    header.file_bytes = pixels_end + tables.size();
    header.header = header_digest(header);
    write_all(file.get(), temporary, &header, sizeof header, 0);
    write_all(file.get(), temporary, tables.data(), tables.size(), pixels_end);
    if (::fsync(file.get()) != 0) fail(temporary, "cannot be written");
    if (::rename(temporary.c_str(), path.c_str()) != 0) fail(path, "cannot be made");
  } catch (...) {
    ::unlink(temporary.c_str());
    throw;
  }
}

}  // namespace

std::optional<CacheFile> CacheFile::open(const std::string& path, const std::string& key) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) {
    if (errno == ENOENT) return std::nullopt;
    fail(path, "cannot be opened");
  }
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) fail(path, "cannot be read");
  const auto file_bytes = static_cast<std::uint64_t>(status.st_size);
  Header header;
  if (!read_all(file.get(), &header, sizeof header, 0)) return std::nullopt;
  if (std::memcmp(header.magic, kMagic, sizeof kMagic) != 0 || header.version != kVersion) return std::nullopt;
  if (header.header != header_digest(header) || header.file_bytes != file_bytes) return std::nullopt;

  CacheFile cache;
  cache.px_ = static_cast<int>(header.px);
  cache.image_bytes_ = static_cast<std::size_t>(header.px) * header.px * 3;
  std::string found_key(header.key_bytes, '\0');
  cache.description_.resize(header.description_bytes);
  cache.records_.resize(header.images);
  std::uint64_t offset = header.pixel_offset + header.images * cache.image_bytes_;
  const auto read_next = [&](void* to, std::size_t size) {
    const bool done = read_all(file.get(), to, size, offset);
    offset += size;
    return done;
  };
  if (!read_next(found_key.data(), found_key.size()) || found_key != key ||
      !read_next(cache.description_.data(), cache.description_.size()) ||
      !read_next(cache.records_.data(), cache.records_.size() * sizeof(ImageRecord))) {
    return std::nullopt;
  }
  const std::string tables = tables_of(key, cache.description_, cache.records_);
  if (digest(tables.data(), tables.size()) != header.tables) return std::nullopt;
  cache.content_ = header.tables;

  // Pixels are read with read(), not through the map, whose pages would count as memory of this process.
  std::vector<std::uint8_t> image(cache.image_bytes_);
  for (std::size_t i = 0; i < cache.records_.size(); ++i) {
    const std::uint64_t at = header.pixel_offset + i * cache.image_bytes_;
    if (!read_all(file.get(), image.data(), image.size(), at)) return std::nullopt;
    if (digest(image.data(), image.size()) != cache.records_[i].pixels) return std::nullopt;
  }

  void* map = ::mmap(nullptr, file_bytes, PROT_READ, MAP_PRIVATE, file.get(), 0);
  if (map == MAP_FAILED) fail(path, "cannot be mapped");
  cache.map_ = map;
  cache.map_bytes_ = file_bytes;
  cache.pixels_ = static_cast<const std::uint8_t*>(map) + header.pixel_offset;
  return cache;
}

CacheFile CacheFile::open_or_make(const std::string& path, const std::string& key, const std::function<Plan()>& plan,
                                  const std::function<void(Plan&, const Put&)>& fill) {
  if (auto cache = open(path, key)) return std::move(*cache);
  const std::string lock_path = path + ".lock";
  const Descriptor lock(::open(lock_path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0644));
  if (!lock) fail(lock_path, "cannot be made");
  while (::flock(lock.get(), LOCK_EX) != 0) {
    if (errno != EINTR) fail(lock_path, "cannot be locked");
  }
  if (auto cache = open(path, key)) return std::move(*cache);  // another process made it meanwhile
  make(path, key, plan, fill);
  if (auto cache = open(path, key)) return std::move(*cache);
  throw Error(path + ": data cache differs from what was just written: is the disk sound?", ErrorKind::environment);
}

CacheFile::~CacheFile() {
  if (map_ != nullptr) ::munmap(map_, map_bytes_);
}

CacheFile::CacheFile(CacheFile&& other) noexcept { *this = std::move(other); }

CacheFile& CacheFile::operator=(CacheFile&& other) noexcept {
  std::swap(px_, other.px_);
  std::swap(image_bytes_, other.image_bytes_);
  std::swap(description_, other.description_);
  std::swap(records_, other.records_);
  std::swap(content_, other.content_);
  std::swap(map_, other.map_);
  std::swap(map_bytes_, other.map_bytes_);
  std::swap(pixels_, other.pixels_);
  return *this;
}

}  // namespace gensynth::data
