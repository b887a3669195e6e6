#include "search/simulation/unpack.hpp"

#include <archive.h>

#include <memory>
#include <vector>

#include "architecture/base/error.hpp"

namespace gensynth::simulation {
namespace {

/// The library does not always give a reason: it has none for a gzip file whose first block is damaged.
std::string reason(archive* reader) {
  const char* text = archive_error_string(reader);
  return text != nullptr ? text : "damaged";
}

}  // namespace

std::string read_unpacked(const std::string& path) {
  const std::unique_ptr<archive, int (*)(archive*)> reader(archive_read_new(), archive_read_free);
  archive_read_support_filter_all(reader.get());
  archive_read_support_format_raw(reader.get());
  archive_read_support_format_empty(reader.get());
  archive_entry* entry = nullptr;
  if (archive_read_open_filename(reader.get(), path.c_str(), 1 << 16) != ARCHIVE_OK) {
    throw Error(path + ": cannot be read: " + reason(reader.get()));
  }
  std::string text;
  if (archive_read_next_header(reader.get(), &entry) != ARCHIVE_OK) return text;
  std::vector<char> block(1 << 16);
  for (;;) {
    const la_ssize_t got = archive_read_data(reader.get(), block.data(), block.size());
    if (got < 0) throw Error(path + ": cannot be unpacked: " + reason(reader.get()));
    if (got == 0) return text;
    text.append(block.data(), static_cast<std::size_t>(got));
  }
}

}  // namespace gensynth::simulation
