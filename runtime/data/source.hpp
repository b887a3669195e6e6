#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "runtime/data/contents.hpp"
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
  std::string problem = {};   ///< why it cannot be read, with its file, where the listing already shows that
};

/// The images of a source, and the other files that it contains.
struct Listing {
  std::vector<Entry> entries;
  std::vector<Ignored> ignored;

  /// Counts something that is no image of the data, with the first of its kind as an example.
  void ignore(const std::string& reason, const std::string& example, std::int64_t count = 1);
  void append(Listing other);
};

/// Receives the chosen images of a source. Several threads call it, once for each index.
struct Sink {
  std::function<void(std::size_t index, const Digest& content, const std::uint8_t* pixels)> image;
  /// The image cannot be read; the reason names its file.
  std::function<void(std::size_t index, const std::string& reason)> bad;
};

/// A source of images. It lists its images, the data set chooses some, and the source reads the chosen ones.
class Source {
 public:
  virtual ~Source() = default;
  /// An identity that changes whenever images or labels may have changed (paths, sizes, times of change); it is part of
  /// the cache's key.
  virtual std::string identity() const = 0;
  virtual Listing list() const = 0;
  /// Classes in order. Sorted names of the training classes, unless a source has an order of its own.
  virtual std::vector<std::string> class_order(const std::vector<Entry>& entries) const;
  /// Decodes `chosen` to px x px RGB. Throws Error where not one image but the source itself cannot be read.
  virtual void read(const std::vector<Entry>& chosen, int px, const Sink& sink) const = 0;
};

/// Decodes one image and hands it to the sink; a bad one is reported there. `where` names its file.
void decode_to(const Sink& sink, std::size_t index, const std::vector<std::uint8_t>& bytes, const std::string& where,
               int px);

/// Makes the source of a spec. Throws Error when it cannot be opened.
std::unique_ptr<Source> make_source(const DataSpec& spec);

std::unique_ptr<Source> make_drawn_source(const DataSpec& spec);
std::unique_ptr<Source> make_folder_source(const std::string& path);
std::unique_ptr<Source> make_archive_source(const std::vector<std::string>& paths);
std::unique_ptr<Source> make_idx_source(const std::vector<std::string>& paths);

/// Path, size and time of change of one file. Throws Error when there is no such file, and for a pipe, a device or
/// anything else that is no file.
std::string file_identity(const std::string& path);

/// The part that a folder of this name has among splits; `none` for other names.
enum class Part { none, train, validation, test };
Part part_of(const std::string& name);  ///< "train"; "val", "valid", "validation"; "test"
/// Whether a folder or file is passed over wherever it lies: hidden (".x", AppleDouble's "._x") or "__MACOSX".
bool is_passed_over(const std::string& name);

/// "300.0 GB, expected at most 256 MB": of an image file that is too large to be one; "" where the size is accepted.
std::string size_problem(std::uint64_t bytes);

inline constexpr const char* kHidden = "hidden files and folders";
inline constexpr const char* kNoImage = "files that are no images";

}  // namespace gensynth::data
