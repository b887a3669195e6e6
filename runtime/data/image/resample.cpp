#include "runtime/data/image/resample.hpp"

#include <algorithm>
#include <cmath>

namespace gensynth::data::image {
namespace {

/// The inputs from `first` on that make one output, with weights that add up to 1.
struct Taps {
  int first = 0;
  std::vector<float> weights;
};

std::vector<Taps> taps(int from, int to) {
  std::vector<Taps> all(static_cast<std::size_t>(to));
  const double scale = static_cast<double>(from) / to;
  for (int i = 0; i < to; ++i) {
    Taps& one = all[static_cast<std::size_t>(i)];
    if (scale > 1) {
      const double low = i * scale;
      const double high = std::min<double>(low + scale, from);
      one.first = static_cast<int>(low);
      for (int j = one.first; j < high; ++j) {
        const double covered = std::min<double>(j + 1, high) - std::max<double>(j, low);
        one.weights.push_back(static_cast<float>(covered / (high - low)));
      }
    } else {
      const double centre = std::clamp((i + 0.5) * scale - 0.5, 0.0, from - 1.0);
      one.first = std::min(static_cast<int>(centre), std::max(from - 2, 0));
      const auto share = static_cast<float>(centre - one.first);
      one.weights = from > 1 ? std::vector<float>{1 - share, share} : std::vector<float>{1};
    }
  }
  return all;
}

}  // namespace

std::vector<std::uint8_t> fit(const Image& image, int px) {
  const int side = std::min(image.width, image.height);
  const auto left = static_cast<std::size_t>((image.width - side) / 2);
  const auto top = static_cast<std::size_t>((image.height - side) / 2);
  const auto width = static_cast<std::size_t>(image.width);
  const auto size = static_cast<std::size_t>(px);
  const std::vector<Taps> along = taps(side, px);

  std::vector<float> rows(static_cast<std::size_t>(side) * size * 3);  // columns done, all rows of the square
  for (std::size_t y = 0; y < static_cast<std::size_t>(side); ++y) {
    for (std::size_t x = 0; x < size; ++x) {
      const Taps& tap = along[x];
      const std::uint8_t* in = image.rgb.data() + ((top + y) * width + left + static_cast<std::size_t>(tap.first)) * 3;
      float* out = rows.data() + (y * size + x) * 3;
      for (std::size_t k = 0; k < tap.weights.size(); ++k) {
        for (std::size_t c = 0; c < 3; ++c) out[c] += tap.weights[k] * in[k * 3 + c];
      }
    }
  }
  std::vector<std::uint8_t> out(size * size * 3);
  for (std::size_t y = 0; y < size; ++y) {
    const Taps& tap = along[y];
    for (std::size_t i = 0; i < size * 3; ++i) {
      float sum = 0;
      for (std::size_t k = 0; k < tap.weights.size(); ++k) {
        sum += tap.weights[k] * rows[(static_cast<std::size_t>(tap.first) + k) * size * 3 + i];
      }
      out[y * size * 3 + i] = static_cast<std::uint8_t>(std::clamp(sum + 0.5F, 0.0F, 255.0F));
    }
  }
  return out;
}

}  // namespace gensynth::data::image
