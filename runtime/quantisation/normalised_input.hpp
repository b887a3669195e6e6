#pragma once

#include <string>
#include <vector>

#include "architecture/architecture.hpp"
#include "architecture/weights.hpp"

namespace gensynth::quantisation {

inline constexpr const char* kNormalisation = "normalisation";  ///< id of the layer

/// A network with its weights.
struct Prepared {
  Architecture network = ArchitectureBuilder("", {}).build(0);
  Weights weights;
};

/// The network for images from 0 to 1: it begins with image * factor + shift by channel, as a 1 x 1 depthwise
/// convolution, whose bias is not rounded to 8 bits.
Prepared with_normalisation(const Architecture& network, const Weights& weights, const std::vector<float>& factor,
                            const std::vector<float>& shift);

}  // namespace gensynth::quantisation
