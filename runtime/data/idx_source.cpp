#include <zlib.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <utility>

#include "architecture/base/error.hpp"
#include "runtime/data/image/decode.hpp"
#include "runtime/data/parallel.hpp"
#include "runtime/data/source.hpp"

namespace gensynth::data {
namespace {

/// Reads one idx file (unsigned bytes, http://yann.lecun.com/exdb/mnist/), plain or gzip, from front to end, so that
/// only a part of it is in memory.
class IdxReader {
 public:
  /// Reads the header. Throws Error when it is not that of `dimensions` dimensions, and when the size of a plain file
  /// does not agree with it.
  IdxReader(const std::string& path, std::size_t dimensions) : path_(path), file_(nullptr, gzclose) {
    (void)file_identity(path);  // reports a missing path and what is no file
    file_.reset(gzopen(path.c_str(), "rb"));
    if (!file_) throw Error(path + ": cannot be opened");
    std::vector<std::uint8_t> head(4 + 4 * dimensions);
    if (read(head.data(), head.size()) < head.size() || head[0] != 0 || head[1] != 0 || head[2] != 8 ||
        head[3] != dimensions) {
      throw Error(path + ": not an idx file of bytes in " + std::to_string(dimensions) + " dimensions");
    }
    for (std::size_t d = 0; d < dimensions; ++d) {
      const std::uint8_t* at = head.data() + 4 + 4 * d;
      sizes_.push_back(std::size_t{at[0]} << 24 | std::size_t{at[1]} << 16 | std::size_t{at[2]} << 8 | at[3]);
      if (__builtin_mul_overflow(total_, sizes_.back(), &total_)) total_ = SIZE_MAX;
    }
    std::error_code error;
    const std::uintmax_t size = std::filesystem::file_size(path, error);
    if (gzdirect(file_.get()) != 0 && !error && size - head.size() != total_) refuse(size - head.size());
  }

  const std::vector<std::size_t>& sizes() const { return sizes_; }
  std::size_t total() const { return total_; }  ///< values

  /// The next `count` values. Throws Error when the file ends before.
  void next(std::uint8_t* to, std::size_t count) {
    const std::size_t got = read(to, count);
    done_ += got;
    if (got < count) refuse(done_);
  }

  /// Throws Error when there are more values than the header declares.
  void finish() {
    std::uint8_t more = 0;
    if (read(&more, 1) != 0) {
      throw Error(path_ + ": more bytes of values than " + std::to_string(total_) + ", which its header declares");
    }
  }

 private:
  std::size_t read(std::uint8_t* to, std::size_t count) {
    constexpr std::size_t kMost = 1 << 20;
    std::size_t all = 0;
    while (all < count) {
      const int got = gzread(file_.get(), to + all, static_cast<unsigned>(std::min(kMost, count - all)));
      int state = Z_OK;
      gzerror(file_.get(), &state);
      if (got < 0 && state != Z_BUF_ERROR) throw Error(path_ + ": cannot be read: damaged gzip");
      if (got < 0 || (state != Z_OK && state != Z_STREAM_END)) throw Error(path_ + ": gzip is damaged or cut short");
      if (got == 0) break;
      all += static_cast<std::size_t>(got);
    }
    return all;
  }

  [[noreturn]] void refuse(std::size_t found) const {
    throw Error(path_ + ": " + std::to_string(found) + " bytes of values, expected " + std::to_string(total_) +
                " by its header");
  }

  std::string path_;
  std::unique_ptr<gzFile_s, int (*)(gzFile)> file_;
  std::vector<std::size_t> sizes_;
  std::size_t total_ = 1;
  std::size_t done_ = 0;
};

std::vector<std::uint8_t> read_labels(const std::string& path) {
  IdxReader reader(path, 1);
  if (reader.total() > image::kMostFileBytes) {
    throw Error(path + ": " + std::to_string(reader.total()) + " labels by its header, expected at most " +
                std::to_string(image::kMostFileBytes));
  }
  std::vector<std::uint8_t> labels;
  constexpr std::size_t kBlock = 1 << 20;  // a header may declare more than the file has
  while (labels.size() < reader.total()) {
    const std::size_t before = labels.size();
    labels.resize(std::min(before + kBlock, reader.total()));
    reader.next(labels.data() + before, labels.size() - before);
  }
  reader.finish();
  return labels;
}

/// MNIST's and Fashion-MNIST's format: a folder with the usual four names, or the pair IMAGES, LABELS as training.
class IdxSource : public Source {
 public:
  explicit IdxSource(const std::vector<std::string>& paths) {
    if (paths.size() == 2) {
      add(paths[0], paths[1], false);
    } else if (paths.size() == 1 && std::filesystem::is_directory(paths[0])) {
      add_part(paths[0], "train", false, true);
      add_part(paths[0], "t10k", true, false);
    } else {
      if (paths.size() == 1) (void)file_identity(paths[0]);  // reports a missing path
      throw Error(
          "data: kind 'idx' takes a folder with train-images-idx3-ubyte and its labels, or the two files "
          "[IMAGES, LABELS]");
    }
    for (const Files& part : parts_) {
      identity_ += (identity_.empty() ? "" : ", ") + file_identity(part.images) + ", " + file_identity(part.labels);
    }
  }

  std::string identity() const override { return identity_; }

  Listing list() const override {
    Listing listing;
    for (std::size_t p = 0; p < parts_.size(); ++p) {
      const std::vector<std::uint8_t> labels = read_labels(parts_[p].labels);
      const IdxReader images(parts_[p].images, 3);
      if (images.sizes()[0] != labels.size()) {
        throw Error(parts_[p].images + ": " + std::to_string(images.sizes()[0]) + " images, but " + parts_[p].labels +
                    " has " + std::to_string(labels.size()) + " labels");
      }
      check_images(images, parts_[p].images);
      for (std::size_t i = 0; i < labels.size(); ++i) {
        std::string number = std::to_string(i);
        number.insert(0, 10 - std::min<std::size_t>(number.size(), 10), '0');
        std::string name = std::to_string(labels[i]);
        name.insert(0, name.size() < 2 ? 1 : 0, '0');
        listing.entries.push_back({name, number, parts_[p].validation, p, i});
      }
    }
    return listing;
  }

  void read(const std::vector<Entry>& chosen, int px, const Sink& sink) const override {
    std::vector<std::map<std::size_t, std::size_t>> wanted(parts_.size());  // number -> index in chosen
    for (std::size_t i = 0; i < chosen.size(); ++i) wanted[chosen[i].container].emplace(chosen[i].number, i);
    for (std::size_t p = 0; p < parts_.size(); ++p) read_part(parts_[p].images, wanted[p], px, sink);
  }

 private:
  struct Files {
    std::string images;
    std::string labels;
    bool validation = false;
  };

  static void check_images(const IdxReader& reader, const std::string& path) {
    constexpr std::size_t kMostPixels = 16'000'000;
    if (reader.total() == 0) throw Error(path + ": no images in it");
    if (reader.total() / reader.sizes()[0] > kMostPixels) {
      throw Error(path + ": images of " + std::to_string(reader.sizes()[1]) + " x " +
                  std::to_string(reader.sizes()[2]) + " pixels, expected at most " + std::to_string(kMostPixels));
    }
  }

  static void read_part(const std::string& path, const std::map<std::size_t, std::size_t>& wanted, int px,
                        const Sink& sink) {
    IdxReader reader(path, 3);
    check_images(reader, path);
    const std::size_t size = reader.sizes()[1] * reader.sizes()[2];
    constexpr std::size_t kBatchBytes = 16'000'000;
    const std::size_t per_batch = std::max<std::size_t>(kBatchBytes / size, 1);
    std::vector<std::uint8_t> values;
    for (std::size_t begin = 0; begin < reader.sizes()[0]; begin += per_batch) {
      const std::size_t count = std::min(per_batch, reader.sizes()[0] - begin);
      values.resize(count * size);
      reader.next(values.data(), values.size());
      parallel_for(count, [&](std::size_t i) {
        const auto found = wanted.find(begin + i);
        if (found == wanted.end()) return;
        const std::uint8_t* grey = values.data() + i * size;
        image::Image picture;
        picture.height = static_cast<int>(reader.sizes()[1]);
        picture.width = static_cast<int>(reader.sizes()[2]);
        picture.rgb.reserve(3 * size);
        for (std::size_t k = 0; k < size; ++k) picture.rgb.insert(picture.rgb.end(), 3, grey[k]);
        sink.image(found->second, digest(grey, size), image::fit(picture, px).data());
      });
    }
    reader.finish();
  }

  void add(const std::string& images, const std::string& labels, bool validation) {
    parts_.push_back({images, labels, validation});
  }

  void add_part(const std::string& folder, const std::string& part, bool validation, bool required) {
    for (const char* ending : {"", ".gz"}) {
      const std::string images = folder + "/" + part + "-images-idx3-ubyte" + ending;
      if (std::filesystem::exists(images))
        return add(images, folder + "/" + part + "-labels-idx1-ubyte" + ending, validation);
    }
    if (required)
      throw Error(folder + ": no " + part + "-images-idx3-ubyte or " + part + "-images-idx3-ubyte.gz in it");
  }

  std::vector<Files> parts_;
  std::string identity_;
};

}  // namespace

std::unique_ptr<Source> make_idx_source(const std::vector<std::string>& paths) {
  return std::make_unique<IdxSource>(paths);
}

}  // namespace gensynth::data
