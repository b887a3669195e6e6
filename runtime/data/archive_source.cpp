#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <utility>

#include "architecture/base/error.hpp"
#include "runtime/data/jpeg.hpp"
#include "runtime/data/parallel.hpp"
#include "runtime/data/source.hpp"

namespace gensynth::data {
namespace {

/// Reads the members of one tar file in order; libarchive detects the compression.
class TarReader {
 public:
  explicit TarReader(const std::string& path) : path_(path), archive_(archive_read_new(), archive_read_free) {
    constexpr std::size_t kBlock = 1 << 18;
    archive_read_support_format_tar(archive_.get());
    archive_read_support_filter_all(archive_.get());
    if (archive_read_open_filename(archive_.get(), path.c_str(), kBlock) != ARCHIVE_OK) {
      throw Error(path + ": cannot be opened as a tar archive: " + reason());
    }
  }

  /// The next plain file's name without a leading "./", or "" at the end.
  std::string next() {
    for (;;) {
      archive_entry* entry = nullptr;
      const int result = archive_read_next_header(archive_.get(), &entry);
      if (result == ARCHIVE_EOF) return "";
      if (result < ARCHIVE_WARN)
        throw Error(path_ + ": archive is damaged or cut short after '" + name_ + "': " + reason());
      const char* name = archive_entry_pathname(entry);
      if (archive_entry_filetype(entry) != AE_IFREG || name == nullptr) continue;
      name_ = name;
      if (name_.starts_with("./")) name_.erase(0, 2);
      if (!name_.empty()) return name_;
    }
  }

  /// Content of the member that `next` named.
  std::vector<std::uint8_t> bytes() {
    std::vector<std::uint8_t> all;
    std::uint8_t block[1 << 15];
    for (;;) {
      const la_ssize_t got = archive_read_data(archive_.get(), block, sizeof block);
      if (got == 0) return all;
      if (got < 0) throw Error(path_ + ": member '" + name_ + "' is damaged or cut short: " + reason());
      all.insert(all.end(), block, block + got);
    }
  }

 private:
  std::string reason() const {
    const char* text = archive_error_string(archive_.get());
    return text != nullptr ? text : "unknown reason";
  }

  std::string path_;
  std::unique_ptr<archive, int (*)(archive*)> archive_;
  std::string name_ = "the start";
};

/// Splits SPLIT/CLASS/FILE. Throws Error for another depth.
Entry entry_of(const std::string& member, const std::string& where) {
  const auto first = member.find('/');
  const auto second = first == std::string::npos ? first : member.find('/', first + 1);
  const bool three = second != std::string::npos && member.find('/', second + 1) == std::string::npos;
  if (!three) throw Error(where + ": expected a member train/CLASS/FILE or val/CLASS/FILE");
  Entry entry;
  entry.validation = is_validation(member.substr(0, first), where);
  entry.class_name = member.substr(first + 1, second - first - 1);
  entry.member = member;
  return entry;
}

std::vector<std::string> archives_in(const std::string& folder) {
  std::vector<std::string> found;
  for (const auto& item : std::filesystem::directory_iterator(folder)) {
    const std::string name = item.path().filename().string();
    for (const char* ending : {".tar", ".tar.xz", ".tar.gz", ".tgz", ".tar.zst", ".tar.bz2"}) {
      if (name.ends_with(ending) && !name.starts_with(".")) found.push_back(item.path().string());
    }
  }
  std::sort(found.begin(), found.end());
  if (found.empty()) throw Error(folder + ": no tar archives in this folder, expected .tar, .tar.xz or .tar.gz");
  return found;
}

class ArchiveSource : public Source {
 public:
  explicit ArchiveSource(const std::vector<std::string>& paths) {
    if (paths.empty()) throw Error("data: kind 'archive' needs at least one path");
    for (const std::string& path : paths) {
      const bool folder = std::filesystem::is_directory(path);
      for (std::string& one : folder ? archives_in(path) : std::vector{path}) paths_.push_back(std::move(one));
    }
    for (const std::string& path : paths_) identity_ += (identity_.empty() ? "" : ", ") + file_identity(path);
  }

  std::string identity() const override { return identity_; }

  std::vector<Entry> entries() const override {
    std::vector<std::vector<Entry>> found(paths_.size());
    parallel_for(paths_.size(), [&](std::size_t container) {
      TarReader reader(paths_[container]);
      std::size_t number = 0;
      for (std::string member = reader.next(); !member.empty(); member = reader.next(), ++number) {
        const std::string where = paths_[container] + ": member '" + member + "'";
        if (!is_jpeg_name(member, where)) continue;
        Entry entry = entry_of(member, where);
        entry.container = container;
        entry.number = number;
        found[container].push_back(std::move(entry));
      }
    });
    std::vector<Entry> all;
    for (std::vector<Entry>& part : found) std::move(part.begin(), part.end(), std::back_inserter(all));
    return all;
  }

  void read(const std::vector<Entry>& chosen, int px, const Sink& sink) const override {
    std::vector<std::map<std::size_t, std::size_t>> wanted(paths_.size());  // member number -> index in chosen
    for (std::size_t i = 0; i < chosen.size(); ++i) wanted[chosen[i].container].emplace(chosen[i].number, i);
    for (std::size_t container = 0; container < paths_.size(); ++container) {
      if (!wanted[container].empty()) read_one(container, wanted[container], chosen, px, sink);
    }
  }

 private:
  void read_one(std::size_t container, const std::map<std::size_t, std::size_t>& wanted,
                const std::vector<Entry>& chosen, int px, const Sink& sink) const {
    const std::string& path = paths_[container];
    TarReader reader(path);
    constexpr std::size_t kBatch = 1024;
    std::vector<std::pair<std::size_t, std::vector<std::uint8_t>>> batch;
    const auto decode = [&] {
      parallel_for(batch.size(), [&](std::size_t i) {
        const auto& [index, bytes] = batch[i];
        const Image image = decode_jpeg(bytes, path + ": member '" + chosen[index].member + "'");
        sink(index, digest(bytes.data(), bytes.size()), fit(image, px).data());
      });
      batch.clear();
    };
    std::size_t number = 0;
    for (const auto& [place, index] : wanted) {
      std::string member = reader.next();
      for (; number < place; ++number) member = reader.next();
      ++number;
      if (member != chosen[index].member) throw Error(path + ": archive changed while it was read");
      batch.emplace_back(index, reader.bytes());
      if (batch.size() == kBatch) decode();
    }
    decode();
  }

  std::vector<std::string> paths_;
  std::string identity_;
};

}  // namespace

std::unique_ptr<Source> make_archive_source(const std::vector<std::string>& paths) {
  return std::make_unique<ArchiveSource>(paths);
}

}  // namespace gensynth::data
