#pragma once

#include <cstdint>

#include "architecture/weights.hpp"

namespace gensynth::lowering {

/// The nearest float16 (IEEE 754 binary16), as its bits.
std::uint16_t half_bits(float value);

/// Every array of rank 2 or more, which are those that a file stores as float16, rounded to it. Throws Error naming an
/// array with a value that float16 cannot hold.
void round_to_half(Weights& weights);

}  // namespace gensynth::lowering
