#include "architecture/weights.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "architecture/base/error.hpp"
#include "architecture/cost.hpp"
#include "tests/architecture/random_architecture.hpp"

namespace gensynth {
namespace {

using testing::HasSubstr;

Architecture small() {
  ArchitectureBuilder builder("net", Shape{Layout::map, 6, 4, 4});
  builder.add(Convolution{.out_channels = 64, .kernel = {3, 5}, .padding = {1, 2}, .groups = 2, .bias = true}, 0, {},
              "c");
  builder.add(BatchNorm{}, 1, {}, "n");
  builder.add(ToTokens{}, 2, {}, "t");
  builder.add(CrossCovarianceAttention{4, false}, 3, {}, "x");
  builder.add(Scale{true, 0.25}, 4, {}, "s");
  builder.add(GlobalPool{}, 5, {}, "p");
  builder.add(Linear{10}, 6, {}, "l");
  return builder.build(7);
}

TEST(WeightShapes, FollowTheTableInVertexOrder) {
  using Named = std::pair<std::string, std::vector<std::int64_t>>;
  const std::vector<Named> expected{{"c.weight", {64, 3, 3, 5}},
                                    {"c.bias", {64}},
                                    {"n.weight", {64}},
                                    {"n.bias", {64}},
                                    {"n.running_mean", {64}},
                                    {"n.running_var", {64}},
                                    {"x.qkv_weight", {192, 64}},
                                    {"x.proj_weight", {64, 64}},
                                    {"x.proj_bias", {64}},
                                    {"x.temperature", {4}},
                                    {"s.weight", {64}},
                                    {"l.weight", {10, 64}},
                                    {"l.bias", {10}}};
  EXPECT_EQ(weight_shapes(small()), expected);
}

TEST(WeightShapes, HoldAsManyValuesAsTheCostCounts) {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    Rng rng(seed);
    const Architecture net = random_architecture(rng, 16, 40);
    std::int64_t values = 0;
    for (const auto& [name, shape] : weight_shapes(net)) {
      if (name.ends_with(".running_mean") || name.ends_with(".running_var")) continue;
      std::int64_t count = 1;
      for (const std::int64_t extent : shape) count *= extent;
      values += count;
    }
    EXPECT_EQ(values, cost(net).params) << seed;
  }
}

TEST(InitialWeights, DependOnSeedAndNameAlone) {
  const Weights a = initial_weights(small(), 1);
  const Weights b = initial_weights(small(), 1);
  const Weights c = initial_weights(small(), 2);
  EXPECT_EQ(a.at("c.weight").values, b.at("c.weight").values);
  EXPECT_NE(a.at("c.weight").values, c.at("c.weight").values);
  EXPECT_NE(std::vector<float>(a.at("x.proj_weight").values.begin(), a.at("x.proj_weight").values.begin() + 64),
            std::vector<float>(a.at("x.qkv_weight").values.begin(), a.at("x.qkv_weight").values.begin() + 64));
  EXPECT_NO_THROW(check_weights(small(), a, "test"));
}

TEST(InitialWeights, HaveTheDocumentedValues) {
  const Weights weights = initial_weights(small(), 3);
  EXPECT_EQ(weights.at("n.weight").values, std::vector<float>(64, 1));
  EXPECT_EQ(weights.at("n.running_mean").values, std::vector<float>(64, 0));
  EXPECT_EQ(weights.at("n.running_var").values, std::vector<float>(64, 1));
  EXPECT_EQ(weights.at("s.weight").values, std::vector<float>(64, 0.25F));
  EXPECT_EQ(weights.at("x.temperature").values, std::vector<float>(4, 1));
  EXPECT_EQ(weights.at("c.bias").values, std::vector<float>(64, 0));
  double sum = 0;
  double squares = 0;
  const std::vector<float>& values = weights.at("c.weight").values;
  for (const float value : values) {
    sum += value;
    squares += value * value;
  }
  const double deviation = std::sqrt(2.0 / (15 * 64 / 2));  // He normal over the fan-out
  EXPECT_NEAR(sum / static_cast<double>(values.size()), 0, 0.1 * deviation);
  EXPECT_NEAR(std::sqrt(squares / static_cast<double>(values.size())), deviation, 0.05 * deviation);
}

std::string failure(const Weights& weights) {
  try {
    check_weights(small(), weights, "file.safetensors");
    return "no error";
  } catch (const Error& error) {
    return error.what();
  }
}

TEST(CheckWeights, NamesTheFirstArrayThatIsWrong) {
  const Weights good = initial_weights(small(), 1);
  Weights bad = good;
  bad.erase("n.bias");
  EXPECT_EQ(failure(bad), "file.safetensors: array 'n.bias' of shape [64] is missing");
  bad = good;
  bad.at("l.weight").shape = {64, 10};
  EXPECT_EQ(failure(bad), "file.safetensors: array 'l.weight' has shape [64, 10], expected [10, 64]");
  bad = good;
  bad.at("l.weight").values.pop_back();
  EXPECT_THAT(failure(bad), HasSubstr("holds 639 values, expected 640"));
  bad = good;
  bad["l.weigth"] = bad.at("l.weight");
  EXPECT_EQ(failure(bad), "file.safetensors: unknown array 'l.weigth' (did you mean 'l.weight'?)");
}

}  // namespace
}  // namespace gensynth
