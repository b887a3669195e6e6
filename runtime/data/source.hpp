#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "runtime/data/dataset.hpp"
#include "runtime/data/digest.hpp"

namespace gensynth::data {

/// One image of a source, not yet read.
struct Entry {
  std::string class_name;
  std::string member;  ///< path in folder or archive: for order and messages
  bool validation = false;
  std::size_t container = 0;  ///< archive, where a source has several
  std::size_t number = 0;     ///< place in its container
};

/// A source of images. It lists its images, the data set chooses some, and the source reads the chosen ones.
class Source {
 public:
  /// Receives image `index` of the chosen ones. Several threads call it, once for each index.
  using Sink = std::function<void(std::size_t index, const Digest& content, const std::uint8_t* pixels)>;

  virtual ~Source() = default;
  /// An identity that changes whenever images or labels may have changed (paths, sizes, times of change); it is part of
  /// the cache's key.
  virtual std::string identity() const = 0;
  virtual std::vector<Entry> entries() const = 0;
  /// Classes in order. Sorted names of the training classes, unless a source has an order of its own.
  virtual std::vector<std::string> class_order(const std::vector<Entry>& entries) const;
  /// Decodes `chosen` to px x px RGB. Throws Error naming the image that cannot be read.
  virtual void read(const std::vector<Entry>& chosen, int px, const Sink& sink) const = 0;
};

/// Makes the source of a spec. Throws Error when it cannot be opened.
std::unique_ptr<Source> make_source(const DataSpec& spec);

std::unique_ptr<Source> make_drawn_source(const DataSpec& spec);
std::unique_ptr<Source> make_folder_source(const std::string& path);
std::unique_ptr<Source> make_archive_source(const std::vector<std::string>& paths);
std::unique_ptr<Source> make_idx_source(const std::vector<std::string>& paths);

/// Path, size and time of change of one file. Throws Error when there is no such file.
std::string file_identity(const std::string& path);
/// Whether a name ends like a JPEG. Throws Error, naming `where`, for unsupported kinds of images.
bool is_jpeg_name(const std::string& name, const std::string& where);
/// Whether `split` names validation ("val"). Throws Error for anything but "train" and "val".
bool is_validation(const std::string& split, const std::string& where);

}  // namespace gensynth::data
