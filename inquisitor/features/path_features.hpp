#pragma once

#include <string>
#include <vector>

#include "architecture/architecture.hpp"

namespace gensynth::features {

/// Statistics over all paths from input to output: the logarithm of their number, and mean, standard deviation, minimum
/// and maximum (log2(1 + x)) of the number of spatial convolutions, pointwise convolutions and poolings on a path.
/// Equal for isomorphic graphs; takes time linear in the number of edges.
std::vector<double> path_features(const Architecture& architecture);
const std::vector<std::string>& path_feature_names();

}  // namespace gensynth::features
