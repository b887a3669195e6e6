#include "runtime/probe/probe.hpp"

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "architecture/base/error.hpp"
#include "runtime/torch/network.hpp"
#include "tests/architecture/random_architecture.hpp"
#include "tests/runtime/train/drawn_data.hpp"

namespace gensynth::probe {
namespace {

std::string text_of(ProbeResult result) {
  result.seconds = 0;
  return to_json(result).dump();
}

/// One half of the channels is one half everywhere.
Architecture half_dead() {
  ArchitectureBuilder b("half dead", {Layout::map, 3, 16, 16});
  const int conv = b.add(Convolution{.out_channels = 8, .kernel = {3, 3}, .padding = {1, 1}}, b.input());
  const int zero = b.add(Zero{}, b.add(Split{0, 4}, conv));
  const int constant = b.add(Activation{ActivationKind::sigmoid}, zero);
  const int rest = b.add(Split{4, 8}, conv);
  return b.build(b.add(Linear{10}, b.add(GlobalPool{}, b.add(Concat{}, {constant, rest}))));
}

TEST(ProbeTest, EveryVertexOfRandomNetworksResponds) {
  Rng rng(3);
  for (int i = 0; i < 25; ++i) {
    const Architecture architecture = random_architecture(rng, 12, 30);
    const ProbeResult result = probe(architecture, nullptr, 4, 1);
    ASSERT_EQ(static_cast<int>(result.responses.size()), architecture.size());
    for (int v = 0; v < architecture.size(); ++v) EXPECT_EQ(result.responses[static_cast<std::size_t>(v)].vertex, v);
    EXPECT_TRUE(result.finite);
    EXPECT_GT(result.loss, 0);
    EXPECT_GT(result.gradient_norm, 0);
  }
}

TEST(ProbeTest, NoiseHasMeanZeroAndDeviationOne) {
  const ProbeResult result = probe(half_dead(), nullptr, 16, 1);
  EXPECT_NEAR(result.responses[0].mean, 0, 0.03);
  EXPECT_NEAR(result.responses[0].deviation, 1, 0.03);
  EXPECT_GT(result.responses[0].gradient, 0);
}

TEST(ProbeTest, DeadChannelsAndVerticesWithoutInfluenceShow) {
  const ProbeResult result = probe(half_dead(), nullptr, 4, 1);
  const auto& r = result.responses;  // input, conv, split, zero, sigmoid, split, concat, pool, linear
  EXPECT_EQ(r[1].dead, 0);
  EXPECT_EQ(r[3].dead, 1);
  EXPECT_EQ(r[4].dead, 1);
  EXPECT_EQ(r[4].mean, 0.5);
  EXPECT_EQ(r[6].dead, 0.5);
  EXPECT_EQ(r[2].gradient, 0);  // nothing passes Zero
  EXPECT_EQ(r[2].saliency, 0);
  EXPECT_GT(r[5].gradient, 0);
  EXPECT_GT(r[5].saliency, 0);
}

TEST(ProbeTest, GradientAndSaliencyAreThoseOfTheCrossEntropy) {
  ArchitectureBuilder b("even", {Layout::map, 3, 1, 1});
  const int linear = b.add(Linear{10}, b.input());
  const int half = b.add(Scale{false, 0.5}, linear);
  const Architecture architecture = b.build(b.add(Scale{false, 1e-12}, half));  // scores are as good as equal
  const ProbeResult result = probe(architecture, nullptr, 4, 4);
  const auto& r = result.responses;
  EXPECT_NEAR(result.loss, std::log(10.0), 1e-5);
  // d loss / d score is (1/10 - [right]) / 4: of root mean square sqrt((0.81 + 9 * 0.01) / 10) / 4.
  EXPECT_NEAR(r[3].gradient, 0.075, 1e-5);
  EXPECT_NEAR(r[2].gradient, 0.075e-12, 1e-17);
  EXPECT_NEAR(r[1].gradient, 0.0375e-12, 1e-17);
  // A factor scales the output and, inversely, the gradient.
  EXPECT_GT(r[3].saliency, 0);
  EXPECT_NEAR(r[1].saliency, r[3].saliency, 1e-4 * r[3].saliency);
  EXPECT_NEAR(r[1].deviation, 2 * r[2].deviation, 1e-5 * r[1].deviation);
}

TEST(ProbeTest, DeterministicInSeedAndData) {
  Rng rng(5);
  const Architecture architecture = random_architecture(rng, 16, 30);
  const data::Dataset data = train::drawn_data(16);
  for (const data::Dataset* source : {static_cast<const data::Dataset*>(nullptr), &data}) {
    const std::string first = text_of(probe(architecture, source, 8, 1));
    EXPECT_EQ(first, text_of(probe(architecture, source, 8, 1)));
    EXPECT_NE(first, text_of(probe(architecture, source, 8, 2)));
  }
}

TEST(ProbeTest, TakesTheExtentOfTheData) {
  const data::Dataset data = train::drawn_data(32);
  const ProbeResult result = probe(half_dead(), &data, 8, 1);
  EXPECT_TRUE(result.finite);
  EXPECT_GT(result.responses[0].deviation, 0.5);  // normalised by the training split
  EXPECT_LT(result.responses[0].deviation, 1.5);
}

TEST(ProbeTest, NonFiniteResponsesAreReported) {
  ArchitectureBuilder b("huge", {Layout::map, 3, 4, 4});
  int v = b.input();
  for (int i = 0; i < 3; ++i) v = b.add(Scale{false, 1e30}, v);
  const ProbeResult result = probe(b.build(b.add(Linear{3}, b.add(GlobalPool{}, v))), nullptr, 4, 1);
  EXPECT_FALSE(result.finite);
}

TEST(ProbeTest, MisfitsAreNamed) {
  const data::Dataset data = train::drawn_data(32, 4);
  ArchitectureBuilder b("few", {Layout::map, 3, 32, 32});
  const Architecture few = b.build(b.add(Linear{2}, b.add(GlobalPool{}, b.input())));
  EXPECT_THROW(probe(few, &data, 8, 1), Error);
  EXPECT_THROW(probe(few, nullptr, 1, 1), Error);
}

}  // namespace
}  // namespace gensynth::probe
