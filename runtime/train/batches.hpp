#pragma once

#include <cstdint>
#include <vector>

#include "architecture/base/random.hpp"
#include "runtime/data/dataset.hpp"
#include "runtime/train/trainer.hpp"

namespace gensynth::train {

/// `to`(y, x) = `from`(y + dy, x + dx), mirrored left to right if `flip`; places outside are reflected about the edge
/// (not repeated). px x px RGB bytes; |dy|, |dx| < px.
void shift_image(const std::uint8_t* from, std::uint8_t* to, int px, int dy, int dx, bool flip);

/// A random permutation of 0..count - 1.
std::vector<int> shuffled(int count, Rng& rng);

/// Converts bytes to numbers with mean 0 and deviation 1 over the training split: out = in * scale + offset by channel.
class Normalizer {
 public:
  explicit Normalizer(const data::Dataset& data);
  /// `rows` rows of px RGB places.
  void apply(const std::uint8_t* from, float* to, std::int64_t rows) const;

 private:
  std::vector<float> scale_;  // one row of px * 3, so that the loop over a row has no inner loop over channels
  std::vector<float> offset_;
};

/// The endless stream of augmented training images; every epoch has its own order. The content of a batch depends only
/// on (data, seed, batch number), so that an interrupted training can continue at any batch.
class BatchStream {
 public:
  BatchStream(const data::Dataset& data, const TrainSpec& spec, std::uint64_t seed);

  /// Writes batch `number` (from 0): (batch, px, px, 3) bytes and labels.
  void fill(std::int64_t number, std::uint8_t* pixels, std::int64_t* labels);

 private:
  const data::Dataset& data_;
  int batch_;
  bool flip_;
  int shift_;
  std::uint64_t seed_;
  std::int64_t epoch_ = -1;
  std::vector<int> order_;
};

}  // namespace gensynth::train
