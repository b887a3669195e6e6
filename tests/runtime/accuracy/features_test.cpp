#include "runtime/accuracy/features.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "architecture/zoo/zoo.hpp"

namespace gensynth::accuracy {
namespace {

double feature(const Architecture& network, const std::string& name) {
  const auto& infos = accuracy_feature_infos();
  for (std::size_t i = 0; i < infos.size(); ++i) {
    if (infos[i].name == name) return accuracy_features(network)[i];
  }
  ADD_FAILURE() << "no feature " << name;
  return 0;
}

TEST(AccuracyFeatures, OfKnownNetworks) {
  const Architecture v1 = zoo::zoo_network("mobilenet-v1-1");
  EXPECT_NEAR(std::exp(feature(v1, "log_params")) / 1e6, 3.207, 0.01);  // 4.232 M less 1024 x 1000 + 1000
  EXPECT_NEAR(std::exp(feature(v1, "log_macs")) / 1e6, 567.7, 0.1);
  EXPECT_NEAR(std::exp(feature(v1, "log_width")), 1024, 1e-6);
  EXPECT_NEAR(std::exp(feature(v1, "log_depth")), 28, 1e-6);
  EXPECT_EQ(feature(v1, "attention"), 0);
  EXPECT_EQ(feature(v1, "gates"), 0);
  EXPECT_EQ(feature(v1, "smooth_activations"), 0);
  EXPECT_GT(feature(zoo::zoo_network("mobilevit-xs"), "attention"), 0);
  EXPECT_EQ(feature(zoo::zoo_network("mobilevit-xs"), "smooth_activations"), 1);
  EXPECT_GT(feature(zoo::zoo_network("efficientnet-b0"), "gates"), 0.1);
  EXPECT_GT(feature(zoo::zoo_network("resnet-18"), "dense_share"), 0.9);
}

/// A network whose classifier has `classes` outputs.
Architecture with_classes(int classes) {
  ArchitectureBuilder b("classes", Shape{Layout::map, 3, 64, 64});
  int v = b.add(Convolution{.out_channels = 32, .kernel = {3, 3}, .stride = {2, 2}, .padding = {1, 1}}, b.input());
  v = b.add(Activation{}, v);
  return b.build(b.add(Linear{.out_features = classes}, b.add(GlobalPool{}, v)));
}

TEST(AccuracyFeatures, DoNotDependOnTheNumberOfClasses) {
  EXPECT_EQ(accuracy_features(with_classes(1000)), accuracy_features(with_classes(10)));
}

}  // namespace
}  // namespace gensynth::accuracy
