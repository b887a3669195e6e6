#pragma once

#include <array>
#include <string>

#include "architecture/architecture.hpp"

namespace gensynth::accuracy {

/// The inputs of the accuracy model: a few figures that are defined for every kind of network.
constexpr int kAccuracyFeatures = 10;
using AccuracyFeatures = std::array<double, kAccuracyFeatures>;

struct AccuracyFeatureInfo {
  std::string name;
  std::string meaning;
  bool grows;  ///< a higher value never lowers the prediction: the fit keeps the coefficient at or above zero
};
const std::array<AccuracyFeatureInfo, kAccuracyFeatures>& accuracy_feature_infos();

/// The features of a network at its own resolution. The classifier (the last linear layer) is not counted, so that the
/// number of classes does not matter.
AccuracyFeatures accuracy_features(const Architecture& architecture);

}  // namespace gensynth::accuracy
