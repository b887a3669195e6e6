#include "runtime/lowering/constants.hpp"

#include <cmath>
#include <numbers>

namespace gensynth::lowering {
namespace {

/// Features of one place of a row or column.
std::vector<double> place_features(int hidden, int place, int extent) {
  constexpr double kTemperature = 10000;
  constexpr double kEps = 1e-6;
  std::vector<double> features;
  const double angle = (place + 1) / (extent + kEps) * 2 * std::numbers::pi;
  for (int i = 0; i < hidden; ++i) {
    const double turned = angle / std::pow(kTemperature, 2.0 * (i / 2) / hidden);
    features.push_back(i % 2 == 0 ? std::sin(turned) : std::cos(turned));
  }
  return features;
}

/// (extent, C): what the features from `offset` on contribute to each channel at each place.
std::vector<double> project_side(int hidden, int extent, int offset, int channels, const std::vector<float>& weight) {
  std::vector<double> out;
  for (int place = 0; place < extent; ++place) {
    const auto features = place_features(hidden, place, extent);
    for (int channel = 0; channel < channels; ++channel) {
      double sum = 0;
      for (int i = 0; i < hidden; ++i) {
        sum += features[static_cast<std::size_t>(i)] *
               weight[static_cast<std::size_t>(channel) * 2 * static_cast<std::size_t>(hidden) +
                      static_cast<std::size_t>(offset + i)];
      }
      out.push_back(sum);
    }
  }
  return out;
}

}  // namespace

std::vector<double> binomial(int taps) {
  std::vector<double> row{std::exp2(1 - taps)};
  while (static_cast<int>(row.size()) < taps) {
    row.push_back(0);
    for (std::size_t i = row.size() - 1; i > 0; --i) row[i] += row[i - 1];
  }
  return row;
}

std::vector<float> positional_code(const PositionalEncoding& op, const Shape& shape, const std::vector<float>& weight,
                                   const std::vector<float>& bias) {
  // The projection is linear: a part of the row and a part of the column add up.
  const auto by_row = project_side(op.hidden, shape.height, 0, shape.channels, weight);
  const auto by_column = project_side(op.hidden, shape.width, op.hidden, shape.channels, weight);
  const auto channels = static_cast<std::size_t>(shape.channels);
  std::vector<float> code;
  code.reserve(static_cast<std::size_t>(shape.elements()));
  for (std::size_t k = 0; k < channels; ++k) {
    for (std::size_t y = 0; y < static_cast<std::size_t>(shape.height); ++y) {
      for (std::size_t x = 0; x < static_cast<std::size_t>(shape.width); ++x) {
        code.push_back(static_cast<float>(by_row[y * channels + k] + by_column[x * channels + k] + bias[k]));
      }
    }
  }
  return code;
}

}  // namespace gensynth::lowering
