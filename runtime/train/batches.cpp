#include "runtime/train/batches.hpp"

#include <algorithm>
#include <cstring>

#include "architecture/base/error.hpp"
#include "runtime/data/preprocessing.hpp"

namespace gensynth::train {
namespace {

constexpr int kChannels = 3;

int reflected(int place, int extent) {
  if (place < 0) return -place;
  return place < extent ? place : 2 * extent - 2 - place;
}

void copy_place(const std::uint8_t* from, std::uint8_t* to) {
  to[0] = from[0];
  to[1] = from[1];
  to[2] = from[2];
}

void shift_row(const std::uint8_t* from, std::uint8_t* to, int px, int dx) {
  const int begin = std::max(0, -dx);
  const int end = std::min(px, px - dx);
  for (int x = 0; x < begin; ++x) copy_place(from + kChannels * reflected(x + dx, px), to + kChannels * x);
  std::memcpy(to + kChannels * begin, from + kChannels * (begin + dx),
              static_cast<std::size_t>(kChannels * (end - begin)));
  for (int x = end; x < px; ++x) copy_place(from + kChannels * reflected(x + dx, px), to + kChannels * x);
}

void mirror_row(std::uint8_t* row, int px) {
  for (int left = 0, right = px - 1; left < right; ++left, --right) {
    for (int c = 0; c < kChannels; ++c) std::swap(row[kChannels * left + c], row[kChannels * right + c]);
  }
}

}  // namespace

void shift_image(const std::uint8_t* from, std::uint8_t* to, int px, int dy, int dx, bool flip) {
  const std::ptrdiff_t row = std::ptrdiff_t{kChannels} * px;
  for (int y = 0; y < px; ++y) {
    shift_row(from + row * reflected(y + dy, px), to + row * y, px, dx);
    if (flip) mirror_row(to + row * y, px);
  }
}

std::vector<int> shuffled(int count, Rng& rng) {
  std::vector<int> order(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) order[static_cast<std::size_t>(i)] = i;
  for (int i = count - 1; i > 0; --i) {
    std::swap(order[static_cast<std::size_t>(i)], order[static_cast<std::size_t>(below(rng, i + 1))]);
  }
  return order;
}

Normalizer::Normalizer(const data::Dataset& data) {
  const Preprocessing preprocessing = data::preprocessing_of(data);
  for (int x = 0; x < data.px(); ++x) {
    for (std::size_t c = 0; c < kChannels; ++c) {
      const auto mean = static_cast<float>(preprocessing.mean[c]);
      const auto deviation = static_cast<float>(preprocessing.deviation[c]);
      scale_.push_back(1 / (255 * deviation));
      offset_.push_back(-mean / deviation);
    }
  }
}

void Normalizer::apply(const std::uint8_t* from, float* to, std::int64_t rows) const {
  const std::size_t width = scale_.size();
  const float* scale = scale_.data();
  const float* offset = offset_.data();
  for (; rows > 0; --rows, from += width, to += width) {
    for (std::size_t i = 0; i < width; ++i) to[i] = static_cast<float>(from[i]) * scale[i] + offset[i];
  }
}

BatchStream::BatchStream(const data::Dataset& data, const TrainSpec& spec, std::uint64_t seed)
    : data_(data), batch_(spec.batch), flip_(spec.flip), shift_(spec.shift), seed_(seed) {
  if (data.split(data::Dataset::Split::train).empty()) throw Error(data.id() + ": no training images");
  if (shift_ >= data.px()) {
    throw Error("shift " + std::to_string(shift_) + " does not fit images of " + std::to_string(data.px()) + " pixels");
  }
}

void BatchStream::fill(std::int64_t number, std::uint8_t* pixels, std::int64_t* labels) {
  const std::vector<int>& images = data_.split(data::Dataset::Split::train);
  const auto count = static_cast<std::int64_t>(images.size());
  Rng rng(derive_seed(seed_, static_cast<std::uint64_t>(number), "augmentation"));
  for (int i = 0; i < batch_; ++i) {
    const std::int64_t position = number * batch_ + i;
    if (position / count != epoch_) {
      epoch_ = position / count;
      Rng order_rng(derive_seed(seed_, static_cast<std::uint64_t>(epoch_), "epoch order"));
      order_ = shuffled(static_cast<int>(count), order_rng);
    }
    const int image = images[static_cast<std::size_t>(order_[static_cast<std::size_t>(position % count)])];
    const bool flip = flip_ && below(rng, 2) == 1;
    const int dy = below(rng, 2 * shift_ + 1) - shift_;
    const int dx = below(rng, 2 * shift_ + 1) - shift_;
    shift_image(data_.pixels(image), pixels, data_.px(), dy, dx, flip);
    pixels += std::ptrdiff_t{kChannels} * data_.px() * data_.px();
    labels[i] = data_.label(image);
  }
}

}  // namespace gensynth::train
