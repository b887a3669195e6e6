#include "runtime/data/source.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <set>

#include "architecture/base/error.hpp"

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

std::string file_identity(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0)
    throw Error(path + ": cannot be opened: " + std::strerror(errno), kind_of_errno(errno));
  std::error_code error;
  const std::filesystem::path full = std::filesystem::canonical(path, error);
  return (error ? path : full.string()) + ":" + std::to_string(status.st_size) + ":" +
         std::to_string(status.st_mtim.tv_sec) + "." + std::to_string(status.st_mtim.tv_nsec);
}

bool is_jpeg_name(const std::string& name, const std::string& where) {
  std::string extension = std::filesystem::path(name).extension().string();
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (extension == ".jpg" || extension == ".jpeg") return true;
  static constexpr std::array kUnread = {".png", ".gif", ".bmp", ".webp", ".tif", ".tiff", ".ppm", ".jp2"};
  if (std::find(kUnread.begin(), kUnread.end(), extension) != kUnread.end()) {
    throw Error(where + ": images of kind '" + extension + "' are not read, expected JPEG (.jpg, .jpeg): convert it");
  }
  return false;
}

bool is_validation(const std::string& split, const std::string& where) {
  if (split == "val") return true;
  if (split == "train") return false;
  throw Error(where + ": split '" + split + "'" + suggestion(split, {"train", "val"}) +
              ", expected train/CLASS/FILE or val/CLASS/FILE");
}

}  // namespace gensynth::data
