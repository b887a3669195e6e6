#include "runtime/data/source.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <iterator>
#include <set>

#include "architecture/base/error.hpp"
#include "runtime/data/image/decode.hpp"

namespace gensynth::data {

std::vector<std::string> Source::class_order(const std::vector<Entry>& entries) const {
  std::set<std::string> names;
  for (const Entry& entry : entries) {
    if (!entry.validation) names.insert(entry.class_name);
  }
  return {names.begin(), names.end()};
}

std::unique_ptr<Source> make_source(const DataSpec& spec) {
  switch (spec.kind) {
    case DataKind::drawn:
      return make_drawn_source(spec);
    case DataKind::archive:
      return make_archive_source(spec.paths);
    case DataKind::idx:
      return make_idx_source(spec.paths);
    case DataKind::folder:
      break;
  }
  if (spec.paths.size() != 1) {
    throw Error("data: kind 'folder' takes one path, not " + std::to_string(spec.paths.size()));
  }
  return make_folder_source(spec.paths[0]);
}

void Listing::ignore(const std::string& reason, const std::string& example, std::int64_t count) {
  for (Ignored& known : ignored) {
    if (known.reason == reason) {
      known.count += count;
      return;
    }
  }
  ignored.push_back({reason, count, example});
}

void Listing::append(Listing other) {
  std::move(other.entries.begin(), other.entries.end(), std::back_inserter(entries));
  for (const Ignored& one : other.ignored) ignore(one.reason, one.example, one.count);
}

void decode_to(const Sink& sink, std::size_t index, const std::vector<std::uint8_t>& bytes, const std::string& where,
               int px) {
  std::vector<std::uint8_t> pixels;
  try {
    pixels = image::fit(image::decode(bytes, where), px);
  } catch (const Error& error) {
    return sink.bad(index, error.what());
  }
  sink.image(index, digest(bytes.data(), bytes.size()), pixels.data());
}

std::string file_identity(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0)
    throw Error(path + ": cannot be opened: " + std::strerror(errno), kind_of_errno(errno));
  if (!S_ISREG(status.st_mode)) {
    throw Error(path + ": " + (S_ISDIR(status.st_mode) ? "a folder" : "a pipe, device or socket") +
                ", expected a file");
  }
  std::error_code error;
  const std::filesystem::path full = std::filesystem::canonical(path, error);
  return (error ? path : full.string()) + ":" + std::to_string(status.st_size) + ":" +
         std::to_string(status.st_mtim.tv_sec) + "." + std::to_string(status.st_mtim.tv_nsec);
}

Part part_of(const std::string& name) {
  if (name == "train") return Part::train;
  if (name == "val" || name == "valid" || name == "validation") return Part::validation;
  return name == "test" ? Part::test : Part::none;
}

bool is_passed_over(const std::string& name) { return name.starts_with(".") || name == "__MACOSX"; }

std::string size_problem(std::uint64_t bytes) {
  if (bytes <= image::kMostFileBytes) return "";
  char text[80];
  std::snprintf(text, sizeof text, "%.1f GB, expected an image of at most %d MB", static_cast<double>(bytes) / 1e9,
                static_cast<int>(image::kMostFileBytes / 1'000'000));
  return text;
}

}  // namespace gensynth::data
