#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <mutex>
#include <set>
#include <utility>

#include "architecture/base/error.hpp"
#include "runtime/data/image/decode.hpp"
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

  /// The next member's name without a leading "./", or "" at the end.
  std::string next() {
    for (;;) {
      archive_entry* entry = nullptr;
      const int result = archive_read_next_header(archive_.get(), &entry);
      if (result == ARCHIVE_EOF) return "";
      if (result < ARCHIVE_WARN)
        throw Error(path_ + ": archive is damaged or cut short after '" + name_ + "': " + reason());
      const char* name = archive_entry_pathname(entry);
      if (name == nullptr) continue;
      name_ = name;
      if (name_.starts_with("./")) name_.erase(0, 2);
      if (name_.empty()) continue;
      const la_int64_t size = archive_entry_size_is_set(entry) != 0 ? archive_entry_size(entry) : 0;
      size_ = static_cast<std::uint64_t>(std::max<la_int64_t>(size, 0));
      const bool hard_link = archive_entry_hardlink(entry) != nullptr;
      kind_ = archive_entry_filetype(entry) == AE_IFDIR                 ? Kind::folder
              : archive_entry_filetype(entry) == AE_IFREG && !hard_link ? Kind::file
                                                                        : Kind::other;
      return name_;
    }
  }

  enum class Kind { file, folder, other };
  Kind kind() const { return kind_; }           ///< of the member that `next` named
  std::uint64_t size() const { return size_; }  ///< of its content, by the header

  /// The content of the member that `next` named, at most its first `most` bytes.
  std::vector<std::uint8_t> bytes(std::uint64_t most) {
    std::vector<std::uint8_t> all;
    std::uint8_t block[1 << 15];
    while (all.size() < most) {
      const std::size_t wanted = std::min<std::uint64_t>(sizeof block, most - all.size());
      const la_ssize_t got = archive_read_data(archive_.get(), block, wanted);
      if (got == 0) break;
      if (got < 0) throw Error(path_ + ": member '" + name_ + "' is damaged or cut short: " + reason());
      all.insert(all.end(), block, block + got);
    }
    return all;
  }

 private:
  std::string reason() const {
    const char* text = archive_error_string(archive_.get());
    return text != nullptr ? text : "unknown reason";
  }

  std::string path_;
  std::unique_ptr<archive, int (*)(archive*)> archive_;
  std::string name_ = "the start";
  Kind kind_ = Kind::other;
  std::uint64_t size_ = 0;
};

std::vector<std::string> parts_of(const std::string& member) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin <= member.size();) {
    const std::size_t end = std::min(member.find('/', begin), member.size());
    if (end > begin) parts.push_back(member.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

/// Lists the members of one archive in order.
class ArchiveListing {
 public:
  ArchiveListing(const std::string& path, std::size_t container) : path_(path), container_(container), reader_(path) {}

  Listing list() {
    std::size_t number = 0;
    for (std::string member = reader_.next(); !member.empty(); member = reader_.next(), ++number) add(member, number);
    return std::move(listing_);
  }
  const std::set<std::string>& class_folders() const { return class_folders_; }  ///< of training
  bool has_validation() const { return has_validation_; }

 private:
  void add(const std::string& member, std::size_t number) {
    const std::string where = path_ + ": member '" + member + "'";
    const std::vector<std::string> parts = parts_of(member);
    if (std::any_of(parts.begin(), parts.end(), is_passed_over)) return listing_.ignore(kHidden, where);
    if (reader_.kind() == TarReader::Kind::folder) {
      if (parts.size() == 2 && part_of(parts[0]) == Part::train) class_folders_.insert(parts[1]);
      return;
    }
    if (reader_.kind() == TarReader::Kind::other) return listing_.ignore("members that are no files", where);
    if (!image::has_image_name(member)) {
      const std::vector<std::uint8_t> head = reader_.bytes(image::kHeadBytes);
      if (!image::begins_like_image({reinterpret_cast<const char*>(head.data()), head.size()})) {
        return listing_.ignore(kNoImage, where);
      }
    }
    const Part part = parts.empty() ? Part::none : part_of(parts[0]);
    if (parts.size() > 3 && part != Part::none) return listing_.ignore("images in folders below a class", where);
    if (parts.size() != 3) {
      throw Error(where + ": expected a member SPLIT/CLASS/FILE, such as train/CLASS/FILE or val/CLASS/FILE");
    }
    if (part == Part::none) {
      throw Error(where + ": split '" + parts[0] + "'" + suggestion(parts[0], {"train", "val", "valid", "test"}) +
                  ", expected train, val, valid, validation or test");
    }
    const std::string problem = size_problem(reader_.size());
    listing_.entries.push_back(
        {parts[1], member, part != Part::train, container_, number, problem.empty() ? "" : where + ": " + problem});
    has_validation_ = has_validation_ || part == Part::validation;
  }

  std::string path_;
  std::size_t container_;
  TarReader reader_;
  Listing listing_;
  std::set<std::string> class_folders_;
  bool has_validation_ = false;
};

std::vector<std::string> archives_in(const std::string& folder) {
  std::vector<std::string> found;
  for (const auto& item : std::filesystem::directory_iterator(folder)) {
    const std::string name = item.path().filename().string();
    for (const char* ending : {".tar", ".tar.xz", ".tar.gz", ".tgz", ".txz", ".tar.zst", ".tar.bz2"}) {
      if (name.ends_with(ending) && !name.starts_with(".")) found.push_back(item.path().string());
    }
  }
  std::sort(found.begin(), found.end());
  if (found.empty()) throw Error(folder + ": no tar archives in this folder, expected .tar, .tar.xz or .tar.gz");
  return found;
}

/// Beside a validation split, a test split is not used.
void drop_test_split(Listing& listing) {
  std::erase_if(listing.entries, [&](const Entry& entry) {
    const bool test = part_of(parts_of(entry.member).front()) == Part::test;
    if (test) listing.ignore("images of a test split beside a validation split", entry.member);
    return test;
  });
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

  Listing list() const override {
    std::vector<Listing> found(paths_.size());
    std::mutex mutex;
    std::set<std::string> class_folders;
    bool has_validation = false;
    parallel_for(paths_.size(), [&](std::size_t container) {
      ArchiveListing archive(paths_[container], container);
      found[container] = archive.list();
      const std::lock_guard lock(mutex);
      class_folders.insert(archive.class_folders().begin(), archive.class_folders().end());
      has_validation = has_validation || archive.has_validation();
    });
    Listing all;
    for (Listing& part : found) all.append(std::move(part));
    if (has_validation) drop_test_split(all);
    for (const Entry& entry : all.entries) {
      if (!entry.validation) class_folders.erase(entry.class_name);
    }
    if (!class_folders.empty()) {
      std::string files;
      for (const Ignored& one : all.ignored) {
        files += "; ignored: " + std::to_string(one.count) + " " + one.reason + " (" + one.example + ")";
      }
      throw Error(paths_.front() + ": no images in the class folder train/" + *class_folders.begin() + files);
    }
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
    constexpr std::size_t kBatchBytes = 64'000'000;
    const auto where = [&](std::size_t index) { return path + ": member '" + chosen[index].member + "'"; };
    std::vector<std::pair<std::size_t, std::vector<std::uint8_t>>> batch;
    std::size_t batch_bytes = 0;
    const auto decode = [&] {
      parallel_for(batch.size(),
                   [&](std::size_t i) { decode_to(sink, batch[i].first, batch[i].second, where(batch[i].first), px); });
      batch.clear();
      batch_bytes = 0;
    };
    std::size_t number = 0;
    for (const auto& [place, index] : wanted) {
      std::string member = reader.next();
      for (; number < place; ++number) member = reader.next();
      ++number;
      if (member != chosen[index].member) throw Error(path + ": archive changed while it was read");
      const std::string problem = size_problem(reader.size());
      if (!problem.empty()) {
        sink.bad(index, where(index) + ": " + problem);
        continue;
      }
      if (batch_bytes + reader.size() > kBatchBytes) decode();
      batch.emplace_back(index, reader.bytes(image::kMostFileBytes));
      batch_bytes += batch.back().second.size();
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
