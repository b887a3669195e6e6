#pragma once

#include <string>
#include <vector>

#include "architecture/architecture.hpp"

namespace gensynth::features {

/// How a signal crosses the network: statistics over all paths from input to output, each path counted once: the
/// logarithm of their number, and of the spatial convolutions, pointwise convolutions and poolings on a path the mean,
/// the deviation, the least and the most (log2(1 + x)). Equal for isomorphic graphs; linear in the number of edges.
std::vector<double> path_features(const Architecture& architecture);
const std::vector<std::string>& path_feature_names();

}  // namespace gensynth::features
