#pragma once

#include <array>
#include <string>

#include "architecture/architecture.hpp"

namespace gensynth::accuracy {

/// What the accuracy model sees of a network: few figures that hold for any kind of network.
constexpr int kAccuracyFeatures = 10;
using AccuracyFeatures = std::array<double, kAccuracyFeatures>;

struct AccuracyFeatureInfo {
  std::string name;
  std::string meaning;
  bool grows;  ///< more of it never lowers the prediction: the fit keeps its coefficient at or above zero
};
const std::array<AccuracyFeatureInfo, kAccuracyFeatures>& accuracy_feature_infos();

/// Of the network at its own resolution. The classifier (the last linear layer) does not count, so that the number of
/// classes does not matter.
AccuracyFeatures accuracy_features(const Architecture& architecture);

}  // namespace gensynth::accuracy
