#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "runtime/data/contents.hpp"

namespace gensynth {
template <class T>
class OptionList;
}

namespace gensynth::data {

enum class DataKind { drawn, folder, archive, idx };
const char* to_string(DataKind kind);

/// How image files that cannot be read are treated: they are an error, or they are left out and reported.
enum class BadFiles { refuse, skip };

/// The source of images, from a job's "data".
///   {"kind": "drawn"}                      procedurally drawn images, ships with the program: 2 to 20 classes (0 is
///                                          10), `images` (0 is 400) for training in each, a fifth more for validation
///   {"kind": "folder", "path": DIR}        DIR/CLASS/FILE, or DIR/SPLIT/CLASS/FILE
///   {"kind": "archive", "path": [FILES]}   tar archives (.xz, .gz) of SPLIT/CLASS/FILE; or a folder of such archives
///   {"kind": "idx", "path": DIR}           MNIST's format: DIR/{train,t10k}-{images-idx3,labels-idx1}-ubyte[.gz];
///                                          or "path": [IMAGES, LABELS], for training
/// SPLIT is train, and val, valid or validation; where these are absent, test is the validation split. Whether a file
/// is an image is decided by its content, or by its name if its content cannot be read.
struct DataSpec {
  DataKind kind = DataKind::drawn;
  std::vector<std::string> paths;
  int px = 64;       ///< images are decoded to px x px RGB (area average down, bilinear up)
  int classes = 10;  ///< 0 = all, the default of every kind but `drawn` when a specification is read
  int images = 0;    ///< counted before the hold-out is separated
  double holdout = 0.1;
  std::uint64_t seed = 1;
  BadFiles bad_files = BadFiles::refuse;
  double bad_files_limit = 0.05;
};
const OptionList<DataSpec>& data_options();  ///< ranges and meaning
DataSpec data_spec_from_json(const nlohmann::json& value, const std::string& source, const std::string& pointer);
nlohmann::ordered_json to_json(const DataSpec& spec);

/// Called from time to time, by one thread at a time, with the number of images read so far.
using Progress = std::function<void(std::size_t done, std::size_t total)>;

/// Decoded images, read-only, shared between processes through one memory-mapped cache file. Bytes are RGB,
/// (px, px, 3) per image. Of byte-identical images only the first is kept, validation before training, so that
/// no splits overlap. `contents` reports what was left out.
class Dataset {
 public:
  enum class Split { train, holdout, validation };

  /// Maps the cache of `spec` in `cache_dir`, making it first if needed (atomically; several processes may race).
  /// Throws Error naming archive or folder and member for anything that cannot be read: all bad images at once, in one
  /// message. No more than one large file is in memory at a time.
  static Dataset open(const DataSpec& spec, const std::string& cache_dir, const Progress& progress = {});
  /// Throws the same Error as `open` when a file or folder of `spec` is missing, or when the names of files show that
  /// they are no data set. Lists the images, reads none and writes nothing.
  static void check_source(const DataSpec& spec);
  ~Dataset();
  Dataset(Dataset&&) noexcept;
  Dataset& operator=(Dataset&&) noexcept;

  int px() const;
  int classes() const;
  const std::vector<std::string>& class_names() const;
  /// Image numbers of a split, in a fixed order. Validation is empty when the source has none; only a final
  /// evaluation reads it.
  const std::vector<int>& split(Split split) const;
  const std::uint8_t* pixels(int image) const;  ///< px * px * 3 bytes
  int label(int image) const;
  std::string id() const;  ///< names source, classes, px, split seed: part of a measured metric's source
  int duplicates_dropped() const;
  const Contents& contents() const;
  void mean_std(float mean[3], float std[3]) const;  ///< over the training split, of values in [0, 1]

 private:
  struct Impl;
  explicit Dataset(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// Throws Error when no image is held out, by which a training is measured: every class has a single training image, or
/// "holdout" is 0.
void require_holdout(const Dataset& data);

}  // namespace gensynth::data
