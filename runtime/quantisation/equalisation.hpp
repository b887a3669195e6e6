#pragma once

#include "architecture/architecture.hpp"
#include "architecture/weights.hpp"

namespace gensynth::quantisation {

/// Weights of a folded network that computes the same, with the ranges of the channels between two layers made equal:
/// a channel is divided by a factor in the first layer and multiplied by it in the second. Applied where a layer is
/// read by one other alone, directly or through a ReLU or PReLU (Nagel et al. 2019, arXiv:1906.04721, section 4.1).
/// Returns the number of such pairs in `pairs`.
Weights equalised(const Architecture& network, const Weights& weights, int& pairs);

}  // namespace gensynth::quantisation
