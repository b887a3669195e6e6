#pragma once

#include <string>
#include <vector>

#include "architecture/architecture.hpp"
#include "architecture/metrics.hpp"

namespace gensynth::features {

/// A fixed-length description of an architecture for surrogate models: size, shape and composition, overall and by
/// level of resolution. It depends on the graph only and is equal for isomorphic graphs.
std::vector<double> architecture_features(const Architecture& architecture);
const std::vector<std::string>& architecture_feature_names();

}  // namespace gensynth::features
