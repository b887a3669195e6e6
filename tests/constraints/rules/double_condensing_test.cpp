#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/constraints/networks.hpp"
#include "tests/constraints/verdicts.hpp"

namespace gensynth::rules {
namespace {

using namespace gensynth::testing;

double count(const Architecture& net) { return judge({{"constraint", "double_condensing"}}, net).measured; }

TEST(DoubleCondensing, GoldenNetworks) {
  Sketch net(32);
  const int entry = net.blur(net.conv(0, 8, 3));
  EXPECT_EQ(count(net.finish(net.dc_ac_shared(net.dc_ac(entry)))), 2);
  EXPECT_EQ(count(mobilenet_v3_like()), 0);  // squeeze and excitation
  EXPECT_EQ(count(dc_ac_trunk()), 12);
  EXPECT_TRUE(judge({{"constraint", "double_condensing"}, {"bound", 12}}, dc_ac_trunk()).satisfied);
  EXPECT_FALSE(judge({{"constraint", "double_condensing"}, {"bound", 13}}, dc_ac_trunk()).satisfied);
}

/// Adds one branch of a gate to the map that enters it.
using Branch = std::function<int(Sketch&, int)>;

int embed(Sketch& net, int v) { return net.pointwise(net.depthwise(net.pointwise(v, 4), 3), 4); }

int expand(Sketch& net, int v, int like) {
  return net.add(Resize{}, {net.add(Convolution{.out_channels = net.shape(like).channels}, v), like});
}

int condensed(Sketch& net, int v) { return expand(net, embed(net, net.max_pool(v, 3, 2)), v); }

/// Gates in a network of 16 px and 16 channels whose factors are a (then a sigmoid) and b.
double gates(const Branch& a, const Branch& b, const Branch& after = {}) {
  Sketch net(32);
  const int v = net.blur(net.conv(0, 16, 3));
  const int attention = net.add(Activation{ActivationKind::sigmoid}, a(net, v));
  int product = net.add(Multiply{}, {attention, b(net, v)});
  if (after) product = after(net, product);
  return count(net.finish(net.conv(net.add(Add{}, {product, v}), 16, 3)));
}

TEST(DoubleCondensing, BothFactorsAreCondensedOnEveryPath) {
  EXPECT_EQ(gates(condensed, condensed), 1);
  const Branch plain = [](Sketch&, int v) { return v; };
  EXPECT_EQ(gates(condensed, plain), 0);  // an attention condenser
  EXPECT_EQ(gates(condensed, [](Sketch& net, int v) { return net.pointwise(v, 16); }), 0);
  EXPECT_EQ(gates(condensed, [](Sketch& net, int v) { return net.add(Add{}, {condensed(net, v), v}); }), 0);
  EXPECT_EQ(gates(
                [](Sketch& net, int v) {
                  return net.add(Add{}, {condensed(net, v), net.pointwise(v, 16)});
                },
                condensed),
            0);
  // Reducing channels alone does not condense a map that could become smaller.
  const Branch bottleneck = [](Sketch& net, int v) { return net.pointwise(embed(net, v), 16); };
  EXPECT_EQ(gates(bottleneck, bottleneck), 0);
  EXPECT_EQ(gates(condensed, bottleneck), 0);
  // A smaller map with as many values is not condensed either.
  const Branch wide = [](Sketch& net, int v) { return expand(net, net.conv(v, 64, 3, 2), v); };
  EXPECT_EQ(gates(condensed, wide), 0);
  // Every kind of condenser.
  const Branch strided = [](Sketch& net, int v) { return expand(net, embed(net, net.conv(v, 16, 3, 2, 4)), v); };
  const Branch blurred = [](Sketch& net, int v) { return expand(net, embed(net, net.blur(net.blur(v))), v); };
  const Branch averaged = [](Sketch& net, int v) {
    return expand(net, embed(net, net.add(Pool{PoolKind::average, {4, 4}, {4, 4}}, v)), v);
  };
  EXPECT_EQ(gates(strided, blurred), 1);
  EXPECT_EQ(gates(averaged, condensed), 1);
}

TEST(DoubleCondensing, EachFactorHasAnEmbeddingOfItsOwn) {
  const Branch pooled = [](Sketch& net, int v) { return net.add(Resize{}, {net.max_pool(v, 3, 2), v}); };
  EXPECT_EQ(gates(pooled, pooled), 0);
  EXPECT_EQ(gates(condensed, pooled), 0);
  // Neither weights after the expansion nor a factor for each channel are an embedding.
  EXPECT_EQ(gates(condensed, [&](Sketch& net, int v) { return net.pointwise(pooled(net, v), 16); }), 0);
  EXPECT_EQ(gates(condensed,
                  [](Sketch& net, int v) {
                    return net.add(Resize{}, {net.add(Scale{}, net.max_pool(v, 3, 2)), v});
                  }),
            0);
  // A strided convolution condenses, but it is not the embedding of its result.
  EXPECT_EQ(gates(condensed, [](Sketch& net, int v) { return net.add(Resize{}, {net.conv(v, 16, 3, 2), v}); }), 0);
  // Both factors come from one embedding, which is the same as a SiLU.
  Sketch net(32);
  const int v = net.blur(net.conv(0, 16, 3));
  const int shared = net.pointwise(embed(net, net.max_pool(v, 3, 2)), 16);
  const int a = net.add(Resize{}, {net.add(Activation{ActivationKind::sigmoid}, shared), v});
  const int b = net.add(Resize{}, {shared, v});
  EXPECT_EQ(count(net.finish(net.add(Add{}, {net.add(Multiply{}, {a, b}), v}))), 0);
}

TEST(DoubleCondensing, NoLearnedScaleAtTheProduct) {
  EXPECT_EQ(gates(condensed, condensed, [](Sketch& net, int v) { return net.add(Scale{}, v); }), 0);
  EXPECT_EQ(gates(condensed, condensed, [](Sketch& net, int v) { return net.add(Scale{false, 1.0}, v); }), 0);
  EXPECT_EQ(gates(condensed, [](Sketch& net, int v) { return net.add(Scale{}, condensed(net, v)); }), 0);
  const Branch depthwise = [](Sketch& net, int v) { return net.add(Convolution{.out_channels = 16, .groups = 16}, v); };
  EXPECT_EQ(gates(condensed, condensed, depthwise), 0);  // a factor for each channel in other words
  EXPECT_EQ(gates(condensed, condensed, [](Sketch& net, int v) { return net.add(Dropout{}, v); }), 1);
}

TEST(DoubleCondensing, SqueezeAndExcitationIsNone) {
  const Branch squeezed = [](Sketch& net, int v) {
    const int s = net.add(Activation{}, net.add(Convolution{.out_channels = 8}, net.add(GlobalPool{}, v)));
    return net.add(Convolution{.out_channels = 16}, s);
  };
  const Branch bottleneck = [](Sketch& net, int v) { return net.pointwise(embed(net, v), 16); };
  EXPECT_EQ(gates(squeezed, bottleneck), 0);
  EXPECT_EQ(gates(squeezed, condensed), 0);
  const Branch pooled = [](Sketch& net, int v) {  // global pooling written as a window over the whole map
    const Pool pool{PoolKind::average, {16, 16}, {16, 16}};
    return net.add(Convolution{.out_channels = 16}, net.pointwise(net.add(pool, v), 8));
  };
  EXPECT_EQ(gates(pooled, condensed), 0);
}

TEST(DoubleCondensing, OnOnePlaceChannelsAreCondensed) {
  Sketch net(16);
  const int v = net.add(Convolution{.out_channels = 32, .kernel = {16, 16}}, net.conv(0, 16, 3));
  const auto branch = [&](int width) { return net.pointwise(net.pointwise(net.pointwise(v, width), width), 32); };
  const int a = net.add(Activation{ActivationKind::sigmoid}, branch(8));
  const int product = net.add(Multiply{}, {a, branch(8)});
  EXPECT_EQ(count(net.finish(net.conv(net.add(Add{}, {product, v}), 16, 1))), 1);
  Sketch wide(16);
  const int w = wide.add(Convolution{.out_channels = 32, .kernel = {16, 16}}, wide.conv(0, 16, 3));
  const int c = wide.add(Activation{ActivationKind::sigmoid}, wide.pointwise(wide.pointwise(w, 24), 32));
  EXPECT_EQ(count(wide.finish(wide.add(Multiply{}, {c, wide.pointwise(wide.pointwise(w, 24), 32)}))), 0);
}

}  // namespace
}  // namespace gensynth::rules
