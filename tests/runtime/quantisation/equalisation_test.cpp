#include "runtime/quantisation/equalisation.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "runtime/torch/run_rounded.hpp"
#include "tests/architecture/operator_networks.hpp"

namespace gensynth::quantisation {
namespace {

/// Grouped and depthwise layers, and one behind a ReLU6, which is no pair.
Architecture net() {
  ArchitectureBuilder b("net", {Layout::map, 4, 6, 6});
  int at = b.add(Convolution{.out_channels = 8, .bias = true}, 0, {}, "a");
  at = b.add(Activation{ActivationKind::relu}, at);
  at = b.add(Convolution{.out_channels = 8, .kernel = {3, 3}, .groups = 8, .bias = true}, at, {}, "b");
  at = b.add(Activation{ActivationKind::prelu}, at);
  at = b.add(Convolution{.out_channels = 6, .groups = 2, .bias = true}, at, {}, "c");
  at = b.add(Activation{ActivationKind::relu6}, at);
  at = b.add(Convolution{.out_channels = 5, .bias = true}, at, {}, "d");
  return b.build(at);
}

TEST(Equalisation, KeepsTheOutputsAndMakesRangesEqual) {
  const Architecture architecture = net();
  Weights weights = random_weights(architecture, 3);
  for (std::size_t i = 0; i < 4; ++i) weights.at("a.weight").values[i] *= 50;  // one channel with a wide range
  int pairs = 0;
  const Weights equal = equalised(architecture, weights, pairs);
  EXPECT_EQ(pairs, 2);
  EXPECT_EQ(equal.at("d.weight").values, weights.at("d.weight").values);
  const std::vector<float> image = random_image(architecture.shape(0), 4);
  const std::vector<float> expected = libtorch::RoundedNetwork(architecture, weights).run(image);
  const std::vector<float> found = libtorch::RoundedNetwork(architecture, equal).run(image);
  for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_NEAR(found[i], expected[i], 1e-4) << i;
  const auto largest = [](const WeightArray& array, std::size_t channel, std::size_t row) {
    float result = 0;
    for (std::size_t i = 0; i < row; ++i) result = std::max(result, std::abs(array.values[channel * row + i]));
    return result;
  };
  for (std::size_t c = 0; c < 8; ++c) {
    EXPECT_NEAR(largest(equal.at("a.weight"), c, 4) / largest(equal.at("b.weight"), c, 9), 1, 0.05) << c;
  }
}

}  // namespace
}  // namespace gensynth::quantisation
