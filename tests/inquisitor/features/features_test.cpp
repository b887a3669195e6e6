#include "inquisitor/features/features.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "architecture/cost.hpp"
#include "generator/nasbench201/nasbench201_space.hpp"

namespace gensynth::features {
namespace {

double feature(const Architecture& net, const std::string& name) {
  const auto& names = architecture_feature_names();
  const auto at = std::find(names.begin(), names.end(), name) - names.begin();
  return architecture_features(net).at(static_cast<std::size_t>(at));
}

TEST(ArchitectureFeatures, HaveDistinctNames) {
  const nasbench201::NasBench201Space space;
  const auto& names = architecture_feature_names();
  EXPECT_EQ(architecture_features(space.build({1, 1, 1, 1, 1, 1})).size(), names.size());
  EXPECT_EQ(std::set<std::string>(names.begin(), names.end()).size(), names.size());
}

TEST(ArchitectureFeatures, AreEqualForIsomorphicNetworks) {
  const nasbench201::NasBench201Space space;
  EXPECT_EQ(architecture_features(space.build({3, 0, 1, 2, 0, 0})),
            architecture_features(space.build({3, 0, 4, 2, 0, 0})));
}

TEST(ArchitectureFeatures, CountOperatorsAndCost) {
  const nasbench201::NasBench201Space space;
  const Architecture few = space.build({3, 1, 1, 1, 1, 1});
  const Architecture more = space.build({3, 3, 1, 1, 1, 1});
  EXPECT_EQ(feature(few, "log_count_pool"), feature(more, "log_count_pool"));
  EXPECT_GT(feature(more, "log_macs"), feature(few, "log_macs"));
  EXPECT_GT(feature(more, "log_params"), feature(few, "log_params"));
  const double ratio = static_cast<double>(cost(more).params) / static_cast<double>(cost(few).params);
  EXPECT_NEAR(std::pow(10, feature(more, "log_params") - feature(few, "log_params")), ratio, 0.02 * ratio);
}

}  // namespace
}  // namespace gensynth::features
