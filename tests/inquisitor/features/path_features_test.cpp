#include "inquisitor/features/path_features.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "generator/nasbench201/nasbench201_space.hpp"

namespace gensynth::features {
namespace {

/// The feature of that name.
double path(const Architecture& net, const std::string& name) {
  const auto& names = path_feature_names();
  return path_features(net)[static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin())];
}

TEST(PathFeatures, CountByHand) {
  const nasbench201::NasBench201Space space;
  // input - conv3x3 - conv1x1 - conv3x3 - output beside a skip, fifteen times.
  const Architecture net = space.build({3, 0, 2, 1, 0, 3});
  EXPECT_EQ(path_features(net).size(), path_feature_names().size());
  const double stem_and_reductions = 3 + 2;  // one 3x3 in the stem, two in each of two main reduction paths at most
  EXPECT_NEAR(path(net, "log_paths"), 17 * std::log(2.0), 1e-9);
  EXPECT_NEAR(path(net, "path_spatial_most"), std::log2(1 + 15 * 2 + stem_and_reductions), 1e-9);
  EXPECT_NEAR(path(net, "path_spatial_least"), std::log2(1 + 1.0), 1e-9);
  EXPECT_NEAR(path(net, "path_spatial_mean"), std::log2(1 + 15 + 1 + 2.0), 1e-9);
}

}  // namespace
}  // namespace gensynth::features
