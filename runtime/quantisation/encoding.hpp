#pragma once

#include <cstdint>

namespace gensynth::quantisation {

/// How numbers are stored as int8: number = scale * (stored - zero_point).
struct Encoding {
  float scale = 1;
  int zero_point = 0;
  bool operator==(const Encoding&) const = default;

  float low() const;   ///< the least number that can be stored
  float high() const;  ///< the largest
};

/// The encoding of the numbers from `low` to `high`. The range is extended to contain 0, which is stored exactly.
Encoding encoding_of(double low, double high);

/// The nearest number that can be stored, as stored (halves to even), and back.
std::int8_t stored(float number, const Encoding& encoding);
float number(std::int8_t stored, const Encoding& encoding);
float rounded(float number, const Encoding& encoding);

/// Encodings that runtimes prescribe for the results of two functions.
inline constexpr Encoding kSigmoid{1.0F / 256, -128};
inline constexpr Encoding kTanh{1.0F / 128, 0};

}  // namespace gensynth::quantisation
