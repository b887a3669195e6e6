#include "architecture/rewrite/fold.hpp"

#include <gtest/gtest.h>

#include <set>

#include "architecture/base/error.hpp"
#include "architecture/cost.hpp"
#include "architecture/hash.hpp"
#include "architecture/serialize.hpp"
#include "tests/architecture/linear_network.hpp"
#include "tests/architecture/random_architecture.hpp"
#include "tests/architecture/reference_network.hpp"

namespace gensynth {
namespace {

/// Weights as after training: nothing at its initial value.
Weights trained(const Architecture& net, Rng& rng) {
  Weights weights = initial_weights(net, rng());
  for (auto& [name, array] : weights) {
    const bool variance = name.ends_with(".running_var");
    for (float& value : array.values) {
      value = static_cast<float>(variance ? 0.5 + uniform01(rng) : value + 0.3 * standard_normal(rng));
    }
  }
  return weights;
}

std::vector<double> random_image(const Architecture& net, Rng& rng) {
  std::vector<double> image(static_cast<std::size_t>(net.shape(0).elements()));
  for (double& value : image) value = standard_normal(rng);
  return image;
}

/// Largest difference between the network and its folded form, relative to the largest output (at least 1).
double fold_error(const Architecture& net, Rng& rng) {
  const Weights weights = trained(net, rng);
  const Folded folded = fold(net, weights);
  check_weights(folded.architecture, folded.weights, "folded");
  EXPECT_EQ(to_text(folded.architecture), to_text(fold(net)));
  const std::vector<double> image = random_image(net, rng);
  const std::vector<double> expected = ReferenceNetwork(net, weights).run(image);
  const std::vector<double> actual = ReferenceNetwork(folded.architecture, folded.weights).run(image);
  EXPECT_EQ(expected.size(), actual.size());
  double scale = 1;
  double worst = 0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    scale = std::max(scale, std::abs(expected[i]));
    worst = std::max(worst, std::abs(expected[i] - actual.at(i)));
  }
  return worst / scale;
}

int count(const Architecture& net, const char* name) {
  int result = 0;
  for (int v = 0; v < net.size(); ++v) result += std::string(operator_name(net.op(v))) == name ? 1 : 0;
  return result;
}

ArchitectureBuilder new_builder(int channels = 4, int px = 6) {
  return ArchitectureBuilder("net", Shape{Layout::map, channels, px, px});
}

TEST(Fold, BatchNormIntoConvolutionAndLinear) {
  ArchitectureBuilder builder = new_builder();
  int v = builder.add(centred(6, 3, 2), 0, {}, "conv");
  v = builder.add(BatchNorm{1e-3}, v, {}, "norm");
  v = builder.add(BatchNorm{}, v);
  v = builder.add(Activation{}, v, {}, "act");
  v = builder.add(Dropout{}, builder.add(GlobalPool{}, v));
  v = builder.add(BatchNorm{}, builder.add(Linear{5, false}, v, {}, "fc"));
  const Architecture net = builder.build(v);
  const Architecture folded = fold(net);
  ASSERT_EQ(folded.size(), 5);
  EXPECT_EQ(folded[1].id, "conv");
  EXPECT_TRUE(std::get<Convolution>(folded.op(1)).bias);
  EXPECT_EQ(folded[2].id, "act");
  EXPECT_EQ(folded[folded.output()].id, "fc");
  Rng rng(1);
  EXPECT_LT(fold_error(net, rng), 1e-5);
}

TEST(Fold, LeavesABatchNormWhoseConvolutionIsReadElsewhere) {
  ArchitectureBuilder builder = new_builder();
  const int conv = builder.add(centred(4, 3), 0);
  const int norm = builder.add(BatchNorm{}, conv);
  const int act = builder.add(Activation{}, norm);
  const Architecture net = builder.build(builder.add(Add{}, {act, conv}));
  EXPECT_EQ(count(fold(net), "batch_norm"), 1);
  Rng rng(2);
  EXPECT_LT(fold_error(net, rng), 1e-5);
}

TEST(Fold, MergesAMobileOneBlock) {
  for (const int groups : {1, 2, 4}) {
    ArchitectureBuilder builder = new_builder();
    const int x = builder.add(Activation{}, builder.add(centred(4, 1), 0), {}, "x");
    std::vector<int> branches{builder.add(BatchNorm{}, x, {}, "skip")};
    branches.push_back(builder.add(BatchNorm{}, builder.add(centred(4, 1, groups), x, {}, "scale")));
    for (int i = 0; i < 3; ++i) {
      branches.push_back(builder.add(BatchNorm{}, builder.add(centred(4, 3, groups), x, {}, "k" + std::to_string(i))));
    }
    branches.push_back(x);
    const Architecture net = builder.build(builder.add(Activation{}, builder.add(Add{}, branches)));
    const Architecture folded = fold(net);
    EXPECT_EQ(count(folded, "convolution"), 2);
    EXPECT_EQ(count(folded, "add"), 0);
    EXPECT_EQ(count(folded, "batch_norm"), 0);
    EXPECT_EQ(folded[3].id, "k0");
    Rng rng(static_cast<std::uint64_t>(groups));
    EXPECT_LT(fold_error(net, rng), 1e-5);
  }
}

TEST(Fold, MergesStridedBranchesAndOneReadTwice) {
  ArchitectureBuilder builder = new_builder();
  const int a = builder.add(centred(8, 3, 1, 2), 0);
  const int b = builder.add(BatchNorm{}, builder.add(centred(8, 5, 1, 2), 0));
  const Architecture net = builder.build(builder.add(BatchNorm{}, builder.add(Add{}, {a, b, a})));
  const Architecture folded = fold(net);
  ASSERT_EQ(folded.size(), 2);
  EXPECT_EQ(std::get<Convolution>(folded.op(1)).kernel, (Pair{5, 5}));
  Rng rng(3);
  EXPECT_LT(fold_error(net, rng), 1e-5);
}

/// Sums that look parallel but are not; each keeps its Add.
TEST(Fold, LeavesSumsThatAreNotParallelLinearBranches) {
  const auto sum_of = [](const Operator& first, const Operator& second) {
    ArchitectureBuilder builder = new_builder();
    const int a = builder.add(first, 0);
    const int b = builder.add(second, 0);
    return builder.build(builder.add(Add{}, {a, b}));
  };
  const Convolution dilated{.out_channels = 4, .kernel = {3, 3}, .padding = {2, 2}, .dilation = {2, 2}};
  const Convolution shrinking{.out_channels = 4, .kernel = {3, 3}, .stride = {1, 1}, .padding = {0, 1}};
  const Convolution shrinking_too{.out_channels = 4, .kernel = {3, 1}, .padding = {0, 0}};
  const Convolution wide{.out_channels = 4, .kernel = {1, 5}, .padding = {0, 2}};
  const Convolution tall{.out_channels = 4, .kernel = {5, 1}, .padding = {2, 0}};
  std::vector<Architecture> nets{sum_of(centred(4, 3), centred(4, 3, 2)), sum_of(centred(4, 3), dilated),
                                 sum_of(shrinking, shrinking_too), sum_of(wide, tall),
                                 sum_of(centred(4, 3), Activation{})};
  {
    ArchitectureBuilder builder = new_builder();  // one branch is read elsewhere
    const int a = builder.add(centred(4, 3), 0);
    const int sum = builder.add(Add{}, {a, 0});
    nets.push_back(builder.build(builder.add(Concat{}, {builder.add(Activation{}, sum), a})));
  }
  {
    ArchitectureBuilder builder = new_builder();  // a broadcast, not an identity
    const int pooled = builder.add(GlobalPool{}, 0);
    const int a = builder.add(centred(4, 3), 0);
    nets.push_back(builder.build(builder.add(Add{}, {pooled, a})));
  }
  for (const Architecture& net : nets) EXPECT_EQ(count(fold(net), "add"), 1) << to_text(net);
}

TEST(Fold, RemovesIdentities) {
  ArchitectureBuilder builder = new_builder();
  int v = builder.add(Dropout{}, 0);
  v = builder.add(Pool{.kernel = {1, 1}, .stride = {1, 1}}, v);
  v = builder.add(Split{0, 4}, v);
  v = builder.add(ChannelShuffle{1}, v);
  v = builder.add(Resize{ResizeMode::nearest, 1}, v);
  const Architecture net = builder.build(v);
  const Architecture folded = fold(net);
  EXPECT_EQ(folded.size(), 1);
  EXPECT_EQ(folded.output(), folded.input());
  Rng rng(4);
  EXPECT_EQ(fold_error(net, rng), 0);
}

TEST(Fold, KeepsTheOutputsOfRandomNetworks) {
  int merged = 0;
  for (std::uint64_t seed = 0; seed < 150; ++seed) {
    Rng rng(seed);
    const Architecture net = random_linear_network(rng);
    EXPECT_LT(fold_error(net, rng), 1e-5) << seed << "\n" << to_text(net);
    merged += count(fold(net), "add") < count(net, "add") ? 1 : 0;
  }
  EXPECT_GT(merged, 30);
}

TEST(Fold, KeepsIdsAndShapesAndNeverCostsMore) {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    Rng rng(seed);
    const Architecture net = random_architecture(rng, 16, 50);
    const Folded folded = fold(net, initial_weights(net, seed));
    check_weights(folded.architecture, folded.weights, "folded");
    EXPECT_EQ(to_text(folded.architecture), to_text(fold(net)));
    EXPECT_EQ(to_text(fold(folded.architecture)), to_text(folded.architecture));
    EXPECT_EQ(count(folded.architecture, "dropout"), 0);
    EXPECT_LE(cost(folded.architecture).macs, cost(net).macs);
    std::set<std::string> ids;
    for (int v = 0; v < net.size(); ++v) ids.insert(net[v].id + to_string(net.shape(v)));
    const Architecture& result = folded.architecture;
    for (int v = 0; v < result.size(); ++v) EXPECT_EQ(ids.count(result[v].id + to_string(result.shape(v))), 1U);
  }
}

TEST(Fold, RefusesWeightsOfAnotherNetwork) {
  ArchitectureBuilder builder = new_builder();
  const Architecture net = builder.build(builder.add(centred(4, 3), 0));
  EXPECT_THROW(fold(net, Weights{}), Error);
}

}  // namespace
}  // namespace gensynth
