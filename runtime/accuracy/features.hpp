#pragma once

#include <array>
#include <string>

#include "architecture/architecture.hpp"

namespace gensynth::accuracy {

/// The input of the accuracy model: a few figures that are defined for any kind of network.
constexpr int kAccuracyFeatures = 14;
using AccuracyFeatures = std::array<double, kAccuracyFeatures>;

enum class FeatureRole {
  grows,     ///< more of it never lowers the prediction: the fit keeps its coefficient at or above zero
  free,      ///< the fit decides
  structure  ///< not part of the prediction; shows how far a network is from those fitted
};

struct AccuracyFeatureInfo {
  std::string name;
  std::string meaning;
  FeatureRole role;
  double least_deviation;  ///< a difference below this is none, however alike the networks fitted are
};
const std::array<AccuracyFeatureInfo, kAccuracyFeatures>& accuracy_feature_infos();
constexpr int kDepthFeature = 6;  ///< index of log_depth

/// Figures of one network at its own resolution, in its canonical, folded form (FoldedForm): networks that compute the
/// same function have the same. The classifier counts in `params` and `macs` alone, so that the number of classes does
/// not change the features.
struct AccuracyFigures {
  AccuracyFeatures features{};
  double params = 0;  ///< weights, without biases and batch norm
  double macs = 0;
  bool constant = false;  ///< the output does not depend on the input; nothing else is set then
};
AccuracyFigures accuracy_figures(const Architecture& architecture);

}  // namespace gensynth::accuracy
