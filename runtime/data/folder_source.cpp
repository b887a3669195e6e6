#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "architecture/base/error.hpp"
#include "runtime/data/jpeg.hpp"
#include "runtime/data/parallel.hpp"
#include "runtime/data/source.hpp"

namespace gensynth::data {
namespace {

namespace fs = std::filesystem;

/// The entries of a folder, sorted, without hidden ones.
std::vector<fs::path> children(const fs::path& folder, bool folders) {
  std::error_code error;
  std::vector<fs::path> found;
  fs::directory_iterator at(folder, error);
  for (; !error && at != fs::directory_iterator(); at.increment(error)) {
    if (at->path().filename().string().starts_with(".") || at->is_directory(error) != folders) continue;
    found.push_back(at->path());
  }
  if (error) throw Error(folder.string() + ": folder cannot be read: " + error.message());
  std::sort(found.begin(), found.end());
  return found;
}

std::vector<std::uint8_t> file_bytes(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::vector<std::uint8_t> bytes{std::istreambuf_iterator<char>(in), {}};
  if (!in) throw Error(path + ": cannot be read: " + std::strerror(errno));
  return bytes;
}

/// DIR/CLASS/FILE, all of it training, or DIR/train/CLASS/FILE and, if there is one, DIR/val/CLASS/FILE.
class FolderSource : public Source {
 public:
  explicit FolderSource(std::string path) : path_(std::move(path)) {
    if (!fs::is_directory(path_)) throw Error(path_ + ": not a folder, expected one that holds CLASS/*.jpg");
    const bool split = fs::is_directory(fs::path(path_) / "train");
    if (!split) {
      list(path_, false);
    } else {
      list(fs::path(path_) / "train", false);
      if (fs::is_directory(fs::path(path_) / "val")) list(fs::path(path_) / "val", true);
    }
    if (entries_.empty())
      throw Error(path_ + ": no JPEG images found, expected CLASS/*.jpg or train/CLASS/*.jpg in it");
  }

  std::string identity() const override {
    return path_ + " (" + std::to_string(entries_.size()) + " images, " +
           to_string(digest(files_.data(), files_.size())) + ")";
  }
  std::vector<Entry> entries() const override { return entries_; }

  void read(const std::vector<Entry>& chosen, int px, const Sink& sink) const override {
    parallel_for(chosen.size(), [&](std::size_t index) {
      const std::string& path = chosen[index].member;
      const std::vector<std::uint8_t> bytes = file_bytes(path);
      sink(index, digest(bytes.data(), bytes.size()), fit(decode_jpeg(bytes, path), px).data());
    });
  }

 private:
  void list(const fs::path& folder, bool validation) {
    for (const fs::path& class_folder : children(folder, true)) {
      const std::size_t before = entries_.size();
      for (const fs::path& file : children(class_folder, false)) {
        if (!is_jpeg_name(file.filename().string(), file.string())) continue;
        entries_.push_back({class_folder.filename().string(), file.string(), validation, 0, entries_.size()});
        files_ += file_identity(file.string()) + "\n";
      }
      if (entries_.size() == before) throw Error(class_folder.string() + ": no JPEG images in this class folder");
    }
  }

  std::string path_;
  std::vector<Entry> entries_;
  std::string files_;  ///< identities of all files
};

}  // namespace

std::unique_ptr<Source> make_folder_source(const std::string& path) { return std::make_unique<FolderSource>(path); }

}  // namespace gensynth::data
