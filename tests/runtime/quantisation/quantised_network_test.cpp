#include "runtime/quantisation/quantised_network.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/runtime/quantisation/quantised.hpp"

namespace gensynth::quantisation {
namespace {

Architecture net() {
  ArchitectureBuilder b("net", {Layout::map, 3, 8, 8});
  int at = b.add(Convolution{.out_channels = 6, .kernel = {3, 3}, .padding = {1, 1}, .bias = true}, 0, {}, "conv");
  at = b.add(Activation{ActivationKind::relu}, at, {}, "relu");
  at = b.add(BlurPool{3, 2}, at, {}, "blur");
  at = b.add(Activation{ActivationKind::sigmoid}, at, {}, "sigmoid");
  at = b.add(GlobalPool{}, at, {}, "mean");
  return b.build(b.add(Linear{.out_features = 4}, at, {}, "linear"));
}

std::vector<float> means_of(const QuantisedNetwork& quantised, const Weights& weights) {
  libtorch::RoundedNetwork run(quantised.network, weights);
  std::vector<float> means(6, 0.0F);
  for (std::uint64_t i = 0; i < 8; ++i) {
    run.run(random_image(quantised.network.shape(0), 6 + i), [&](int v, const float* values, std::size_t count) {
      if (v != 1) return;
      for (std::size_t j = 0; j < count; ++j) means[j / 64] += values[j] / 64 / 8;
    });
  }
  return means;
}

TEST(QuantisedNetwork, RoundsWeightsToWholeStepsOfTheirChannel) {
  const QuantisedNetwork quantised = testing::quantised_network(net(), 5);
  const std::vector<float>& scales = quantised.scales.at("conv.weight");
  const std::vector<float>& values = quantised.weights.at("conv.weight").values;
  ASSERT_EQ(scales.size(), 6U);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const float steps = values[i] / scales[i / 27];
    EXPECT_NEAR(steps, std::nearbyint(steps), 1e-3);
    EXPECT_LE(std::abs(steps), 127.001F);
  }
}

TEST(QuantisedNetwork, UsesThePrescribedEncodings) {
  const QuantisedNetwork quantised = testing::quantised_network(net(), 5);
  EXPECT_FALSE(quantised.encodings[1]);  // computed together with the ReLU
  EXPECT_EQ(quantised.encodings[2]->zero_point, -128);
  EXPECT_EQ(*quantised.encodings[4], kSigmoid);
  EXPECT_EQ(quantised.scales.at(blur_array("blur"))[0], 1.0F / 16);
}

TEST(QuantisedNetwork, CorrectsTheMeanErrorOfTheWeights) {
  QuantisationOptions options;
  const Folded folded = fold(net(), random_weights(net(), 5));
  const auto error = [&](bool correct) {
    options.correct_bias = correct;
    const QuantisedNetwork quantised = testing::quantised_network(net(), 5, options);
    const std::vector<float> exact = means_of(quantised, folded.weights);
    const std::vector<float> found = means_of(quantised, quantised.weights);
    double sum = 0;
    for (std::size_t c = 0; c < exact.size(); ++c) sum += std::abs(exact[c] - found[c]);
    return sum;
  };
  EXPECT_LT(error(true), 0.9 * error(false));
}

TEST(QuantisedNetwork, TakesAQuarterOfTheBytes) {
  const QuantisedNetwork quantised = testing::quantised_network(net(), 5);
  // conv: 162 weights and 6 scales, 6 biases; linear: 24 and 4, 4
  EXPECT_EQ(quantised.weight_bytes(), 162 + 4 * 6 + 4 * 6 + 24 + 4 * 4 + 4 * 4);
}

TEST(QuantisedNetwork, KeepsChannelsWithoutEffectWithinWhatRuntimesCompute) {
  const Folded folded = fold(net(), random_weights(net(), 5));
  Weights weights = folded.weights;
  for (std::size_t i = 0; i < 27; ++i) weights.at("conv.weight").values[i] = 1e-30F;
  StatisticsCollector collector(folded.architecture);
  libtorch::RoundedNetwork exact(folded.architecture, weights);
  for (const bool first : {true, false}) {
    exact.run(random_image(net().shape(0), 1), [&](int v, const float* values, std::size_t count) {
      first ? collector.first_pass(v, values, count) : collector.second_pass(v, values, count);
    });
  }
  const QuantisedNetwork quantised = quantisation::quantised(folded.architecture, weights, collector.take(), {});
  const float factor =
      quantised.scales.at("conv.weight")[0] * quantised.encodings[0]->scale / quantised.encodings[2]->scale;
  EXPECT_GE(factor, 0.9F / (1 << 20));
}

}  // namespace
}  // namespace gensynth::quantisation
