#pragma once

#include <vector>

#include "architecture/operators.hpp"

namespace gensynth::lowering {

// Values that an operator computes with and that do not depend on the image, so that a file holds them as constants.

/// The taps of one row of a blur: binomial coefficients with sum 1.
std::vector<double> binomial(int taps);

/// The map that a positional encoding adds, (C, H, W): sines and cosines of the place (EdgeNeXt, arXiv:2206.10589,
/// section 3.1), projected. `weight` is (C, 2 hidden), `bias` (C).
std::vector<float> positional_code(const PositionalEncoding& op, const Shape& shape, const std::vector<float>& weight,
                                   const std::vector<float>& bias);

}  // namespace gensynth::lowering
