#include "runtime/data/preprocessing.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace gensynth::data {
namespace {

/// The shortest decimal number that is this float, so that files do not show digits that mean nothing.
double shortest(float value) {
  std::array<char, 32> text;
  const auto written = std::to_chars(text.data(), text.data() + text.size(), value);
  double result = value;
  std::from_chars(text.data(), written.ptr, result);
  return result;
}

}  // namespace

Preprocessing preprocessing_of(const Dataset& data) {
  constexpr float kSmallestDeviation = 1e-3F;  // avoids division by zero for images of one colour
  float mean[3], deviation[3];
  data.mean_std(mean, deviation);
  Preprocessing result;
  result.px = data.px();
  for (int c = 0; c < 3; ++c) {
    result.mean.push_back(shortest(mean[c]));
    result.deviation.push_back(shortest(std::max(deviation[c], kSmallestDeviation)));
  }
  return result;
}

ModelCard card_of(const Dataset& data) {
  ModelCard card;
  card.preprocessing = preprocessing_of(data);
  card.classes = data.class_names();
  card.data = data.id();
  return card;
}

}  // namespace gensynth::data
