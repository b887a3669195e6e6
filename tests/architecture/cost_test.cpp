#include "architecture/cost.hpp"

#include <gtest/gtest.h>

#include "tests/architecture/random_architecture.hpp"

namespace gensynth {
namespace {

ArchitectureBuilder new_builder(int channels, int px) {
  return ArchitectureBuilder("net", Shape{Layout::map, channels, px, px});
}

TEST(Cost, MatchesHandCountsOfAPlainNetwork) {
  ArchitectureBuilder builder = new_builder(3, 8);
  int v = builder.add(Convolution{.out_channels = 4, .kernel = {3, 3}, .stride = {2, 2}, .padding = {1, 1}}, 0);
  v = builder.add(BatchNorm{}, v);
  v = builder.add(Activation{}, v);
  v = builder.add(Convolution{.out_channels = 4, .kernel = {3, 3}, .padding = {1, 1}, .groups = 4}, v);
  v = builder.add(Convolution{.out_channels = 6, .bias = true}, v);
  v = builder.add(GlobalPool{}, v);
  v = builder.add(Linear{10}, v);
  const Architecture net = builder.build(v);
  const Cost total = cost(net);
  // 3*4*9 = 108; 2*4 = 8; 4*9 = 36; 4*6 + 6 = 30; 6*10 + 10 = 70
  EXPECT_EQ(total.params, 108 + 8 + 36 + 30 + 70);
  // maps of 4x4: 108*16; 36*16; 24*16; 60
  EXPECT_EQ(total.macs, 108 * 16 + 36 * 16 + 24 * 16 + 60);
  // tensors written: 64 + 64 + 64 + 64 + 96 + 6 + 10
  EXPECT_EQ(total.activation_bytes, 4 * (64 * 4 + 96 + 6 + 10));
  // input 192 + convolution 64
  EXPECT_EQ(total.peak_memory_bytes, 4 * (192 + 64));
  EXPECT_EQ(total.depth, 4);
}

TEST(Cost, MatchesHandCountsOfAttention) {
  ArchitectureBuilder builder = new_builder(8, 4);
  const int t = builder.add(ToTokens{{2, 2}}, 0);  // 4 sets of 4 tokens of 8
  const int norm = builder.add(LayerNorm{}, t);
  const int heads = builder.add(MultiHeadAttention{2, false}, norm);
  const int cross = builder.add(CrossCovarianceAttention{4, true}, heads);
  const int mlp = builder.add(Linear{16, false}, cross);
  const int pooled = builder.add(GlobalPool{}, mlp);
  const Architecture net = builder.build(pooled);
  EXPECT_EQ(vertex_cost(net, norm).params, 16);
  EXPECT_EQ(vertex_cost(net, heads).params, 4 * 64 + 8);
  EXPECT_EQ(vertex_cost(net, heads).macs, 4 * (4 * 4 * 64 + 2 * 4 * 4 * 8));
  EXPECT_EQ(vertex_cost(net, cross).params, 4 * 64 + 24 + 8 + 4);
  EXPECT_EQ(vertex_cost(net, cross).macs, 4 * (4 * 4 * 64 + 2 * 4 * 8 * 2));
  EXPECT_EQ(vertex_cost(net, mlp).params, 128);
  EXPECT_EQ(vertex_cost(net, mlp).macs, 16 * 128);
  EXPECT_EQ(cost(net).depth, 3);
}

TEST(Cost, MatchesHandCountsOfSmallOperators) {
  ArchitectureBuilder builder = new_builder(8, 4);
  const int code = builder.add(PositionalEncoding{5}, 0);
  const int slope = builder.add(Activation{ActivationKind::prelu}, code);
  const int factor = builder.add(Scale{}, slope);
  const int one = builder.add(Scale{false, 2}, factor);
  const int blur = builder.add(BlurPool{}, one);
  const Architecture net = builder.build(blur);
  EXPECT_EQ(vertex_cost(net, 0).params, 0);
  EXPECT_EQ(vertex_cost(net, code).params, 8 * 10 + 8);
  EXPECT_EQ(vertex_cost(net, code).macs, 16 * 80);
  EXPECT_EQ(vertex_cost(net, slope).params, 8);
  EXPECT_EQ(vertex_cost(net, factor).params, 8);
  EXPECT_EQ(vertex_cost(net, one).params, 1);
  EXPECT_EQ(vertex_cost(net, blur).params, 0);
  EXPECT_EQ(vertex_cost(net, blur).macs, 0);
}

TEST(Cost, PeakMemoryKeepsAResidualAlive) {
  ArchitectureBuilder builder = new_builder(2, 4);                       // 32 values
  const int expand = builder.add(Convolution{.out_channels = 8}, 0);     // 128
  const int act = builder.add(Activation{}, expand);                     // in place
  const int project = builder.add(Convolution{.out_channels = 2}, act);  // 32
  const int sum = builder.add(Add{}, {project, 0});                      // 32
  const Architecture net = builder.build(sum);
  EXPECT_EQ(cost(net).peak_memory_bytes, 4 * (32 + 128 + 32));
}

TEST(Cost, AnInputReadTwiceIsReleasedOnce) {
  ArchitectureBuilder builder = new_builder(2, 4);
  const int square = builder.add(Multiply{}, {0, 0});
  const int next = builder.add(Convolution{.out_channels = 4}, square);
  const Architecture net = builder.build(next);
  EXPECT_EQ(cost(net).peak_memory_bytes, 4 * (32 + 64));
}

TEST(Cost, ActivationIsNotInPlaceWhileItsInputIsNeeded) {
  ArchitectureBuilder builder = new_builder(2, 4);
  const int gate = builder.add(Activation{ActivationKind::sigmoid}, 0);
  const int product = builder.add(Multiply{}, {gate, 0});
  const Architecture net = builder.build(product);
  EXPECT_EQ(cost(net).peak_memory_bytes, 4 * 96);
}

TEST(Cost, DepthIsTheLongestPath) {
  ArchitectureBuilder builder = new_builder(2, 4);
  const int a = builder.add(Convolution{.out_channels = 2}, 0);
  const int b = builder.add(Convolution{.out_channels = 2}, a);
  const int sum = builder.add(Add{}, {0, b});
  EXPECT_EQ(cost(builder.build(sum)).depth, 2);
}

TEST(Cost, IsTheSumOverVertices) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    Rng rng(seed);
    const Architecture net = random_architecture(rng, 16, 40);
    const Cost total = cost(net);
    VertexCost sum;
    std::int64_t bytes = 0;
    for (int v = 0; v < net.size(); ++v) {
      sum.params += vertex_cost(net, v).params;
      sum.macs += vertex_cost(net, v).macs;
      bytes += 4 * net.shape(v).elements();
    }
    EXPECT_EQ(total.params, sum.params);
    EXPECT_EQ(total.macs, sum.macs);
    EXPECT_EQ(total.activation_bytes, bytes - 4 * net.shape(0).elements());
    EXPECT_LE(total.peak_memory_bytes, bytes);
  }
}

TEST(SetCost, NamesEveryCount) {
  Metrics metrics;
  set_cost(Cost{.params = 5, .macs = 7, .activation_bytes = 11, .peak_memory_bytes = 13, .depth = 17}, 19, metrics);
  EXPECT_EQ(metrics.value("params"), 5);
  EXPECT_EQ(metrics.value("macs"), 7);
  EXPECT_EQ(metrics.value("weight_bytes"), 20);
  EXPECT_EQ(metrics.value("activation_bytes"), 11);
  EXPECT_EQ(metrics.value("peak_memory_bytes"), 13);
  EXPECT_EQ(metrics.value("depth"), 17);
  EXPECT_EQ(metrics.value("vertices"), 19);
  EXPECT_EQ(metrics.at("params").provenance, Provenance::exact);
}

}  // namespace
}  // namespace gensynth
