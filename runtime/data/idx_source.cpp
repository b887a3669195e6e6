#include <zlib.h>

#include <array>
#include <filesystem>
#include <utility>

#include "architecture/base/error.hpp"
#include "runtime/data/parallel.hpp"
#include "runtime/data/resample.hpp"
#include "runtime/data/source.hpp"

namespace gensynth::data {
namespace {

/// One idx file (unsigned bytes, http://yann.lecun.com/exdb/mnist/), plain or gzip: sizes and values.
struct Idx {
  std::vector<std::size_t> sizes;
  std::vector<std::uint8_t> values;
};

Idx read_idx(const std::string& path, std::size_t dimensions) {
  const std::unique_ptr<gzFile_s, int (*)(gzFile)> file(gzopen(path.c_str(), "rb"), gzclose);
  if (!file) throw Error(path + ": cannot be opened");
  std::vector<std::uint8_t> bytes;
  std::uint8_t block[1 << 16];
  for (int got = 1; got > 0;) {
    got = gzread(file.get(), block, sizeof block);
    if (got < 0) throw Error(path + ": cannot be read: damaged gzip");
    bytes.insert(bytes.end(), block, block + got);
  }
  int state = Z_OK;
  gzerror(file.get(), &state);
  if (state != Z_OK && state != Z_STREAM_END) throw Error(path + ": gzip is damaged or cut short");

  const std::size_t start = 4 + 4 * dimensions;
  if (bytes.size() < start || bytes[0] != 0 || bytes[1] != 0 || bytes[2] != 8 || bytes[3] != dimensions) {
    throw Error(path + ": not an idx file of bytes in " + std::to_string(dimensions) + " dimensions");
  }
  Idx idx;
  std::size_t total = 1;
  for (std::size_t d = 0; d < dimensions; ++d) {
    const std::uint8_t* at = bytes.data() + 4 + 4 * d;
    idx.sizes.push_back(std::size_t{at[0]} << 24 | std::size_t{at[1]} << 16 | std::size_t{at[2]} << 8 | at[3]);
    if (__builtin_mul_overflow(total, idx.sizes.back(), &total)) total = SIZE_MAX;
  }
  if (total != bytes.size() - start) {
    throw Error(path + ": " + std::to_string(bytes.size() - start) + " bytes of values, expected " +
                std::to_string(total) + " by its header");
  }
  idx.values.assign(bytes.begin() + static_cast<std::ptrdiff_t>(start), bytes.end());
  return idx;
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
    for (const Part& part : parts_) {
      identity_ += (identity_.empty() ? "" : ", ") + file_identity(part.images) + ", " + file_identity(part.labels);
    }
  }

  std::string identity() const override { return identity_; }

  std::vector<Entry> entries() const override {
    std::vector<Entry> entries;
    for (std::size_t p = 0; p < parts_.size(); ++p) {
      const Idx labels = read_idx(parts_[p].labels, 1);
      for (std::size_t i = 0; i < labels.values.size(); ++i) {
        std::string number = std::to_string(i);
        number.insert(0, 10 - std::min<std::size_t>(number.size(), 10), '0');
        std::string name = std::to_string(labels.values[i]);
        name.insert(0, name.size() < 2 ? 1 : 0, '0');
        entries.push_back({name, number, parts_[p].validation, p, i});
      }
    }
    return entries;
  }

  void read(const std::vector<Entry>& chosen, int px, const Sink& sink) const override {
    std::vector<Idx> images;
    for (const Part& part : parts_) {
      images.push_back(read_idx(part.images, 3));
      const std::size_t labels = read_idx(part.labels, 1).values.size();
      if (images.back().sizes[0] != labels) {
        throw Error(part.images + ": " + std::to_string(images.back().sizes[0]) + " images, but " + part.labels +
                    " has " + std::to_string(labels) + " labels");
      }
      if (images.back().values.empty()) throw Error(part.images + ": no images in it");
    }
    parallel_for(chosen.size(), [&](std::size_t index) {
      const Idx& from = images[chosen[index].container];
      Image image;
      image.height = static_cast<int>(from.sizes[1]);
      image.width = static_cast<int>(from.sizes[2]);
      const std::size_t size = from.sizes[1] * from.sizes[2];
      const std::uint8_t* grey = from.values.data() + chosen[index].number * size;
      for (std::size_t i = 0; i < size; ++i) image.rgb.insert(image.rgb.end(), 3, grey[i]);
      sink(index, digest(grey, size), fit(image, px).data());
    });
  }

 private:
  struct Part {
    std::string images;
    std::string labels;
    bool validation = false;
  };

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

  std::vector<Part> parts_;
  std::string identity_;
};

}  // namespace

std::unique_ptr<Source> make_idx_source(const std::vector<std::string>& paths) {
  return std::make_unique<IdxSource>(paths);
}

}  // namespace gensynth::data
