#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <mutex>

#include "architecture/base/error.hpp"
#include "architecture/base/joined.hpp"
#include "runtime/data/image/decode.hpp"
#include "runtime/data/parallel.hpp"
#include "runtime/data/source.hpp"

namespace gensynth::data {
namespace {

namespace fs = std::filesystem;

/// The entries of a folder, sorted, without those that are passed over, which are counted in `listing`.
struct Children {
  std::vector<fs::path> folders, files;
};

Children children(const fs::path& folder, Listing& listing) {
  std::error_code error;
  Children found;
  fs::directory_iterator at(folder, error);
  for (; !error && at != fs::directory_iterator(); at.increment(error)) {
    std::error_code ignored;  // of a link that leads nowhere, which is no folder
    if (is_passed_over(at->path().filename().string())) {
      listing.ignore(kHidden, at->path().string());
    } else {
      (at->is_directory(ignored) ? found.folders : found.files).push_back(at->path());
    }
  }
  if (error) throw Error(folder.string() + ": folder cannot be read: " + error.message(), kind_of_errno(error.value()));
  std::sort(found.folders.begin(), found.folders.end());
  std::sort(found.files.begin(), found.files.end());
  return found;
}

/// Reads a file to its end, or to `most` bytes if those come first.
std::vector<std::uint8_t> file_bytes(const std::string& path, std::uint64_t most) {
  std::ifstream in(path, std::ios::binary);
  std::vector<std::uint8_t> bytes;
  constexpr std::size_t kBlock = 1 << 18;
  while (in && bytes.size() < most) {
    const std::size_t before = bytes.size();
    const std::size_t wanted = std::min<std::size_t>(kBlock, most - before);
    bytes.resize(before + wanted);
    in.read(reinterpret_cast<char*>(bytes.data() + before), static_cast<std::streamsize>(wanted));
    bytes.resize(before + static_cast<std::size_t>(in.gcount()));
  }
  if (in.bad() || !in.is_open()) throw Error(path + ": cannot be read: " + std::strerror(errno), kind_of_errno(errno));
  return bytes;
}

/// Why the status of a file already shows that it cannot be read; "" where it does not.
std::string problem_of(const fs::path& file) {
  std::error_code error;
  const fs::file_status status = fs::status(file, error);
  if (status.type() == fs::file_type::not_found) return file.string() + ": a link that leads nowhere";
  if (error) return file.string() + ": cannot be read: " + error.message();
  if (!fs::is_regular_file(status)) return file.string() + ": a pipe, device or socket, expected an image file";
  const std::string size = size_problem(fs::file_size(file, error));
  return size.empty() ? "" : file.string() + ": " + size;
}

/// Whether a file is an image by its name, or else by its content.
bool is_image(const fs::path& file) {
  if (image::has_image_name(file.filename().string())) return true;
  std::error_code error;
  if (!fs::is_regular_file(file, error)) return false;
  std::ifstream in(file, std::ios::binary);
  std::string head(image::kHeadBytes, '\0');
  in.read(head.data(), static_cast<std::streamsize>(head.size()));
  head.resize(static_cast<std::size_t>(in.gcount()));
  return image::begins_like_image(head);
}

bool holds_images(const fs::path& folder) {
  Listing unused;
  const Children inside = children(folder, unused);
  return std::any_of(inside.files.begin(), inside.files.end(), is_image);
}

std::vector<std::string> names_of(const std::vector<fs::path>& paths) {
  std::vector<std::string> names;
  for (const fs::path& path : paths) names.push_back(path.filename().string());
  return names;
}

/// DIR/CLASS/FILE, all of it training, or DIR/SPLIT/CLASS/FILE.
class FolderSource : public Source {
 public:
  explicit FolderSource(std::string path) : path_(std::move(path)) {
    if (!fs::is_directory(path_)) throw Error(path_ + ": not a folder, expected one that contains CLASS/FILE");
    const Children top = children(path_, listing_);
    if (has_splits(top)) {
      list_splits(top);
    } else {
      list(top, false);
    }
    if (listing_.entries.empty()) {
      throw Error(path_ + ": no images found, expected CLASS/FILE or train/CLASS/FILE in it" +
                  (top.files.empty() ? "" : "; " + std::to_string(top.files.size()) + " files lie in it directly"));
    }
  }

  std::string identity() const override {
    return path_ + " (" + std::to_string(listing_.entries.size()) + " images, " +
           to_string(digest(files_.data(), files_.size())) + ")";
  }
  Listing list() const override { return listing_; }

  void read(const std::vector<Entry>& chosen, int px, const Sink& sink) const override {
    constexpr std::uintmax_t kLargeFile = 4'000'000;
    std::mutex large;  // only one large file is in memory at a time
    parallel_for(chosen.size(), [&](std::size_t index) {
      const std::string& path = chosen[index].member;
      if (!chosen[index].problem.empty()) return sink.bad(index, chosen[index].problem);
      std::error_code error;
      const std::uintmax_t size = fs::file_size(path, error);
      const auto lock = !error && size < kLargeFile ? std::unique_lock<std::mutex>() : std::unique_lock(large);
      std::vector<std::uint8_t> bytes;
      try {
        bytes = file_bytes(path, image::kMostFileBytes);
      } catch (const Error& unreadable) {
        return sink.bad(index, unreadable.what());
      }
      decode_to(sink, index, bytes, path, px);
    });
  }

 private:
  /// Whether `train` in DIR is a split, not a class of that name.
  bool has_splits(const Children& top) const {
    const fs::path train = fs::path(path_) / "train";
    std::vector<fs::path> classes;  // beside the splits
    bool splits = false;
    for (const fs::path& folder : top.folders) {
      const Part part = part_of(folder.filename().string());
      splits = splits || part != Part::none;
      if (part == Part::none && holds_images(folder)) classes.push_back(folder);
    }
    if (!fs::is_directory(train)) {
      if (splits && classes.empty() && std::none_of(top.folders.begin(), top.folders.end(), holds_images)) {
        throw Error(path_ + ": there is no train folder beside " + joined(names_of(top.folders)) +
                    ", expected train/CLASS/FILE");
      }
      return false;
    }
    Listing unused;
    const bool has_folders = !children(train, unused).folders.empty();
    if (classes.empty()) return true;
    if (!has_folders) return false;
    throw Error(path_ + ": 'train' contains folders, like a split, but there are class folders beside it (" +
                joined(names_of(classes)) + "); expected either classes or splits there");
  }

  void list_splits(const Children& top) {
    const auto has_class_folders = [](const fs::path& folder) {
      Listing unused;
      return !children(folder, unused).folders.empty();
    };
    std::vector<fs::path> validation, test;
    for (const fs::path& folder : top.folders) {
      const Part part = part_of(folder.filename().string());
      if (part == Part::validation) validation.push_back(folder);
      if (part == Part::test) {
        // Published test sets often have no labels: their images are in no class folders.
        if (has_class_folders(folder)) {
          test.push_back(folder);
        } else {
          listing_.ignore("splits without class folders", folder.string());
        }
      }
      if (part == Part::none) listing_.ignore("folders beside the splits", folder.string());
    }
    if (validation.size() > 1) {
      throw Error(path_ + ": " + joined(names_of(validation)) + " are all validation splits, expected one of them");
    }
    for (const fs::path& file : top.files) listing_.ignore("files outside class folders", file.string());
    list_split(fs::path(path_) / "train", false);
    for (const fs::path& folder : validation) list_split(folder, true);
    for (const fs::path& folder : test) {
      if (validation.empty()) {
        list_split(folder, true);
      } else {
        listing_.ignore("test splits beside a validation split", folder.string());
      }
    }
  }

  void list_split(const fs::path& folder, bool validation) {
    const Children inside = children(folder, listing_);
    if (inside.folders.empty()) {
      throw Error(folder.string() + ": no class folders in this split, " + std::to_string(inside.files.size()) +
                  " files lie in it directly; expected " + folder.filename().string() + "/CLASS/FILE");
    }
    list(inside, validation);
  }

  void list(const Children& inside, bool validation) {
    for (const fs::path& file : inside.files) listing_.ignore("files outside class folders", file.string());
    for (const fs::path& class_folder : inside.folders) list_class(class_folder, validation);
  }

  void list_class(const fs::path& folder, bool validation) {
    Listing found;
    const Children inside = children(folder, found);
    for (const fs::path& file : inside.files) {
      if (!is_image(file)) {
        found.ignore(kNoImage, file.string());
        continue;
      }
      std::string problem = problem_of(file);
      files_ += problem.empty() ? file_identity(file.string()) + "\n" : problem + "\n";
      found.entries.push_back({folder.filename().string(), file.string(), validation, 0,
                               listing_.entries.size() + found.entries.size(), std::move(problem)});
    }
    for (const fs::path& nested : inside.folders) ignore_nested(nested, found);
    if (found.entries.empty()) {
      std::string cause = "the folder is empty";
      for (const Ignored& one : found.ignored) {
        cause = (&one == found.ignored.data() ? "" : cause + ", ") + std::to_string(one.count) + " " + one.reason +
                " (" + one.example + ")";
      }
      throw Error(folder.string() + ": no images in this class folder: " + cause + "; expected images directly in it");
    }
    listing_.append(std::move(found));
  }

  static void ignore_nested(const fs::path& folder, Listing& found) {
    std::error_code error;
    std::int64_t images = 0;
    fs::path example = folder;
    fs::recursive_directory_iterator at(folder, error);
    for (; !error && at != fs::recursive_directory_iterator(); at.increment(error)) {
      if (!at->is_regular_file(error) || !is_image(at->path())) continue;
      if (images++ == 0 || at->path() < example) example = at->path();
    }
    if (images > 0) {
      found.ignore("images in folders below a class", example.string(), images);
    } else {
      found.ignore("folders without images below a class", folder.string());
    }
  }

  std::string path_;
  Listing listing_;
  std::string files_;  ///< identities of all files
};

}  // namespace

std::unique_ptr<Source> make_folder_source(const std::string& path) { return std::make_unique<FolderSource>(path); }

}  // namespace gensynth::data
