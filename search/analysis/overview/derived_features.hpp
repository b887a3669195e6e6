#pragma once

#include <string>
#include <vector>

#include "architecture/architecture.hpp"

namespace gensynth::analysis::overview {

/// The names of the derived features, in the order of `derived_features`.
const std::vector<std::string>& derived_feature_names();

/// Features of a network that people compare: stages and columns as its space placed them, and counts of operators.
std::vector<double> derived_features(const Architecture& network);

}  // namespace gensynth::analysis::overview
