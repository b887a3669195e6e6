#include "tests/runtime/data/test/sample_files.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <turbojpeg.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <iterator>
#include <memory>
#include <stdexcept>

namespace gensynth::data::test {
namespace {

Bytes encode(const Bytes& rgb, int width, int height, bool grey) {
  const std::unique_ptr<void, int (*)(tjhandle)> encoder(tjInitCompress(), tjDestroy);
  unsigned char* out = nullptr;
  unsigned long size = 0;
  if (tjCompress2(encoder.get(), rgb.data(), width, 0, height, TJPF_RGB, &out, &size, grey ? TJSAMP_GRAY : TJSAMP_444,
                  98, 0) != 0) {
    throw std::runtime_error(tjGetErrorStr2(encoder.get()));
  }
  Bytes bytes(out, out + size);
  tjFree(out);
  return bytes;
}

}  // namespace

TemporaryFolder::TemporaryFolder() {
  static std::atomic<int> count{0};
  path_ = std::filesystem::temp_directory_path() /
          ("gensynth_data_test." + std::to_string(::getpid()) + "." + std::to_string(count++));
  std::filesystem::create_directories(path_);
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

Bytes sample_jpeg(int width, int height, int number, bool grey) {
  Bytes rgb;
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      rgb.push_back(static_cast<std::uint8_t>(number * 40 + x));
      rgb.push_back(static_cast<std::uint8_t>(number * 7 + y * 2));
      rgb.push_back(static_cast<std::uint8_t>(number + x + y));
    }
  }
  return encode(rgb, width, height, grey);
}

Bytes plain_jpeg(int width, int height, std::uint8_t r, std::uint8_t g, std::uint8_t b) {
  Bytes rgb;
  for (int i = 0; i < width * height; ++i) rgb.insert(rgb.end(), {r, g, b});
  return encode(rgb, width, height, false);
}

void write_file(const std::string& path, const Bytes& bytes) {
  std::filesystem::create_directories(std::filesystem::path(path).parent_path());
  std::ofstream out(path, std::ios::binary);
  out.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  if (!out.flush()) throw std::runtime_error("cannot write " + path);
}

Bytes read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void write_archive(const std::string& path, const std::vector<std::pair<std::string, Bytes>>& members) {
  const std::unique_ptr<archive, int (*)(archive*)> out(archive_write_new(), archive_write_free);
  archive_write_set_format_pax_restricted(out.get());
  if (path.ends_with(".gz")) archive_write_add_filter_gzip(out.get());
  if (path.ends_with(".xz")) archive_write_add_filter_xz(out.get());
  if (archive_write_open_filename(out.get(), path.c_str()) != ARCHIVE_OK)
    throw std::runtime_error("cannot write " + path);
  for (const auto& [name, bytes] : members) {
    const std::unique_ptr<archive_entry, void (*)(archive_entry*)> entry(archive_entry_new(), archive_entry_free);
    archive_entry_set_pathname(entry.get(), name.c_str());
    const bool folder = name.ends_with('/');
    archive_entry_set_filetype(entry.get(), folder ? AE_IFDIR : AE_IFREG);
    archive_entry_set_perm(entry.get(), folder ? 0755 : 0644);
    archive_entry_set_size(entry.get(), static_cast<la_int64_t>(bytes.size()));
    if (archive_write_header(out.get(), entry.get()) != ARCHIVE_OK) throw std::runtime_error("cannot write " + name);
    archive_write_data(out.get(), bytes.data(), bytes.size());
  }
  archive_write_close(out.get());
}

std::vector<std::pair<std::string, Bytes>> sample_members(int classes, int training, int validation) {
  std::vector<std::pair<std::string, Bytes>> members;
  int number = 0;
  for (const auto& [split, count] : {std::pair{"train", training}, std::pair{"val", validation}}) {
    for (int c = 0; c < classes; ++c) {
      for (int i = 0; i < count; ++i, ++number) {
        const std::string name = std::string(split) + "/class_" + std::to_string(c) + "/" + std::to_string(i) + ".jpg";
        members.emplace_back(name, sample_jpeg(20 + number % 5, 18, number));
      }
    }
  }
  return members;
}

}  // namespace gensynth::data::test
