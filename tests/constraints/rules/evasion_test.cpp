#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/constraints/networks.hpp"
#include "tests/constraints/verdicts.hpp"

// Networks that a search could find to meet a rule by its letter, and honest ones beside them.

namespace gensynth::rules {
namespace {

using namespace gensynth::testing;

/// Two stages, of 32 and 16 px, each with the columns that `stage` draws from one map, summed; the verdict of the
/// columnar rule.
constraints::Verdict columnar(const std::function<std::vector<int>(Sketch&, int)>& stage) {
  Sketch net(64);
  int v = net.blur(net.conv(0, 16, 3));
  v = net.blur(net.pointwise(net.add(Add{}, stage(net, v)), 16));
  v = net.pointwise(net.add(Add{}, stage(net, v)), 16);
  return judge({{"constraint", "columnar"}}, net.finish(v));
}

/// A column of two blocks beside an honest one of two convolutions.
constraints::Verdict beside(const Column& block) {
  return columnar([&](Sketch& net, int v) {
    return std::vector<int>{conv_column(2)(net, v), repeated(block, 2)(net, v)};
  });
}

constraints::Verdict beside_convolutions(const Convolution& op) {
  return beside([&](Sketch& net, int v) { return net.add(Activation{}, net.add(op, v)); });
}

TEST(Evasion, WindowsThatSeeOnlyPaddingAreNoColumn) {
  const auto dilated = [](int dilation) {
    return Convolution{
        .out_channels = 16, .kernel = {3, 3}, .padding = {dilation, dilation}, .dilation = {dilation, dilation}};
  };
  EXPECT_TRUE(beside_convolutions(dilated(1)).satisfied);
  EXPECT_TRUE(beside_convolutions(dilated(4)).satisfied);
  EXPECT_FALSE(beside_convolutions(dilated(32)).satisfied);
  EXPECT_FALSE(beside_convolutions(dilated(15)).satisfied);  // on 16 px, at the border alone
  // All four taps fall outside: a constant, whatever follows.
  const Convolution nothing{.out_channels = 16, .kernel = {2, 2}, .padding = {50, 50}, .dilation = {101, 101}};
  for (const bool bias : {false, true}) {
    EXPECT_FALSE(beside([&](Sketch& net, int v) {
                   Convolution op = nothing;
                   op.bias = bias;
                   const int none = net.add(op, net.conv(net.conv(v, 16, 3), 16, 3));
                   return net.add(Resize{}, {none, v});
                 }).satisfied);
  }
}

TEST(Evasion, DeadColumnsByOtherMeans) {
  // Each is heavy, and its values do not reach the output or are the same for every image.
  const Column dead[] = {
      [](Sketch& net, int v) { return net.add(Zero{}, v); },
      [](Sketch& net, int v) {
        return net.add(Multiply{}, {v, net.add(Zero{}, net.add(GlobalPool{}, v))});
      },
      [](Sketch& net, int v) {  // a single channel, normalised over channels
        const int one = net.add(LayerNorm{}, net.add(Convolution{.out_channels = 1}, v));
        return net.add(Convolution{.out_channels = 16}, one);
      },
      [](Sketch& net, int v) {
        return net.add(Split{16, 32}, net.add(Concat{}, {v, net.add(Zero{}, v)}));
      },
      [](Sketch& net, int v) { return net.add(Activation{}, net.add(BatchNorm{}, net.add(Zero{}, v))); },
  };
  for (const Column& end : dead) {
    const constraints::Verdict verdict = columnar([&](Sketch& net, int v) {
      return std::vector<int>{conv_column(2)(net, v), end(net, conv_column(2)(net, v))};
    });
    EXPECT_FALSE(verdict.satisfied) << verdict.message;
    EXPECT_THAT(verdict.message, ::testing::HasSubstr("one trunk"));
  }
}

TEST(Evasion, AttentionOfOneTokenIsPointwise) {
  const auto attention = [](int patch) {
    return Column([=](Sketch& net, int v) {
      const int side = patch > 0 ? patch : net.shape(v).height;
      const int tokens = net.add(ToTokens{{side, side}}, v);
      const int attended = net.add(MultiHeadAttention{2}, tokens);
      return net.add(Activation{}, net.add(FromTokens{{side, side}}, {attended, v}));
    });
  };
  const auto columns = [&](int patch) {
    return columnar([&](Sketch& net, int v) {
      return run(net, {v, v}, {repeated(attention(patch), 2), repeated(attention(patch), 2)});
    });
  };
  EXPECT_TRUE(columns(1).satisfied) << columns(1).message;
  EXPECT_FALSE(columns(0).satisfied);  // each place is a set of its own
}

TEST(Evasion, AShuffleMixesNoChannels) {
  const auto depthwise = [](bool shuffled) {
    return Column([=](Sketch& net, int v) {
      v = net.depthwise(v, 5);
      return shuffled ? net.add(ChannelShuffle{4}, v) : v;
    });
  };
  for (const bool shuffled : {false, true}) {
    const constraints::Verdict verdict = columnar([&](Sketch& net, int v) {
      return run(net, {v, v}, {repeated(depthwise(shuffled), 3), repeated(depthwise(shuffled), 3)});
    });
    EXPECT_FALSE(verdict.satisfied) << shuffled << verdict.message;
  }
}

TEST(Evasion, ALostBorderMakesNoSecondStage) {
  const auto net = [](bool second) {
    Sketch net(64);
    int v = net.blur(net.conv(0, 16, 3));
    v = net.add(Add{}, run(net, {v, v}, {conv_column(2), conv_column(2)}));
    // One row and column less, or half of them.
    v = second ? net.blur(v) : net.add(Activation{}, net.add(Convolution{.out_channels = 16, .kernel = {2, 2}}, v));
    v = net.add(Add{}, run(net, {v, v}, {conv_column(2), conv_column(2)}));
    return net.finish(v);
  };
  EXPECT_TRUE(judge({{"constraint", "columnar"}}, net(true)).satisfied);
  const constraints::Verdict verdict = judge({{"constraint", "columnar"}}, net(false));
  EXPECT_FALSE(verdict.satisfied) << verdict.message;
  EXPECT_THAT(verdict.message, ::testing::HasSubstr("1 of 2 stages"));
}

TEST(Evasion, ThinColumnsBesideATrunk) {
  for (const int columns : {1, 2, 4}) {
    const constraints::Verdict verdict = columnar([&](Sketch& net, int v) {
      std::vector<int> ends{conv_column(2)(net, v)};
      for (int c = 0; c < columns; ++c) {
        const int thin = net.conv(net.conv(net.pointwise(v, 2), 2, 3), 2, 3);
        ends.push_back(net.pointwise(thin, 16));
      }
      return ends;
    });
    EXPECT_FALSE(verdict.satisfied) << verdict.message;
  }
}

/// The verdict of no_strided_pointwise on one operator at 32 px.
bool reads_all(const Operator& op) {
  Sketch net(32);
  const int v = net.add(op, net.conv(0, 8, 3));
  return judge({{"constraint", "no_strided_pointwise"}}, net.finish(v)).satisfied;
}

TEST(Evasion, PaddingDoesNotHideUnreadPlaces) {
  // The output is as large as the input or larger, and most places are read by nobody.
  EXPECT_FALSE(reads_all(Convolution{.out_channels = 8, .stride = {2, 2}, .padding = {16, 16}}));
  EXPECT_FALSE(reads_all(Convolution{.out_channels = 8, .kernel = {3, 3}, .stride = {4, 4}, .padding = {60, 60}}));
  EXPECT_FALSE(reads_all(Convolution{.out_channels = 8, .kernel = {2, 2}, .padding = {20, 20}, .dilation = {40, 40}}));
  EXPECT_TRUE(reads_all(Convolution{.out_channels = 8, .kernel = {3, 3}, .padding = {6, 6}, .dilation = {6, 6}}));
  EXPECT_TRUE(reads_all(Convolution{.out_channels = 8, .kernel = {2, 2}, .padding = {1, 1}}));
  EXPECT_TRUE(reads_all(Convolution{.out_channels = 8, .padding = {5, 5}}));
  EXPECT_TRUE(reads_all(Convolution{.out_channels = 8, .kernel = {4, 4}, .stride = {2, 2}, .padding = {20, 20}}));
}

/// DC-AC blocks in a network whose gate at 16 px has these factors.
double condensers(const Column& a, const Column& b) {
  Sketch net(32);
  const int v = net.blur(net.conv(0, 16, 3));
  const int attention = net.add(Activation{ActivationKind::sigmoid}, a(net, v));
  const int product = net.add(Multiply{}, {attention, b(net, v)});
  const Architecture all = net.finish(net.conv(net.add(Add{}, {product, v}), 16, 3));
  return judge({{"constraint", "double_condensing"}}, all).measured;
}

int embedded(Sketch& net, int v) { return net.pointwise(net.depthwise(net.pointwise(v, 4), 3), 16); }
int honest(Sketch& net, int v) { return net.add(Resize{}, {embedded(net, net.max_pool(v, 3, 2)), v}); }

TEST(Evasion, SqueezeAndExcitationInDisguise) {
  EXPECT_EQ(condensers(honest, honest), 1);
  // Embedded on a condensed map, and then pooled to one place.
  EXPECT_EQ(condensers(
                [](Sketch& net, int v) {
                  return net.add(Convolution{.out_channels = 16},
                                 net.add(GlobalPool{}, embedded(net, net.max_pool(v, 3, 2))));
                },
                honest),
            0);
  EXPECT_EQ(condensers(
                [](Sketch& net, int v) {
                  const int pooled = net.add(Pool{PoolKind::average, {8, 8}, {8, 8}}, net.max_pool(v, 3, 2));
                  return net.add(Resize{}, {net.add(Convolution{.out_channels = 16}, net.pointwise(pooled, 4)), v});
                },
                honest),
            0);
  // One channel of sixteen is embedded.
  EXPECT_EQ(condensers(
                [](Sketch& net, int v) {
                  const int pooled = net.max_pool(v, 3, 2);
                  const int one = net.add(Convolution{.out_channels = 1}, pooled);
                  return net.add(Resize{}, {net.add(Concat{}, {one, net.add(Split{0, 15}, pooled)}), v});
                },
                honest),
            0);
  // A residual around the embedding is one.
  EXPECT_EQ(condensers(
                [](Sketch& net, int v) {
                  const int pooled = net.max_pool(v, 3, 2);
                  return net.add(Resize{}, {net.add(Add{}, {pooled, embedded(net, pooled)}), v});
                },
                honest),
            1);
}

TEST(Evasion, ATrunkWithinACondenserIsTheMainPath) {
  // Everything but a little happens between one pooling by 8 and the product.
  Sketch net(64);
  const int v = net.conv(0, 8, 3);
  const auto branch = [&](bool sigmoid) {
    const Pool pool{PoolKind::max, {8, 8}, {8, 8}};
    int b = conv_column(4)(net, net.pointwise(net.add(pool, v), 96));
    b = net.add(Resize{}, {net.add(Convolution{.out_channels = 8}, b), v});
    return sigmoid ? net.add(Activation{ActivationKind::sigmoid}, b) : b;
  };
  const int a = branch(true);
  const Architecture all = net.finish(net.add(Multiply{}, {a, branch(false)}));
  EXPECT_EQ(judge({{"constraint", "double_condensing"}}, all).measured, 1);
  EXPECT_FALSE(judge({{"constraint", "anti_aliased_downsampling"}}, all).satisfied);
}

TEST(Evasion, FiltersMustBeAsWideAsTheStep) {
  const auto filtered = [](const Column& body) {
    Sketch net(64);
    return judge({{"constraint", "anti_aliased_downsampling"}}, net.finish(body(net, net.conv(0, 8, 3)))).satisfied;
  };
  const auto strided = [](int kernel, int stride) {
    return Convolution{
        .out_channels = 8, .kernel = {kernel, kernel}, .stride = {stride, stride}, .padding = {kernel / 2, kernel / 2}};
  };
  EXPECT_TRUE(filtered([&](Sketch& net, int v) { return net.add(strided(3, 2), net.add(BlurPool{3, 1}, v)); }));
  // A filter of one axis, of a branch, or past a maximum.
  EXPECT_FALSE(filtered([&](Sketch& net, int v) {
    return net.add(strided(3, 2), net.add(Pool{PoolKind::average, {1, 3}, {1, 1}, {0, 1}}, v));
  }));
  EXPECT_FALSE(filtered([&](Sketch& net, int v) {
    return net.add(strided(3, 2), net.add(Concat{}, {net.add(BlurPool{3, 1}, v), v}));
  }));
  EXPECT_FALSE(filtered([&](Sketch& net, int v) {
    return net.add(strided(3, 2), net.max_pool(net.add(BlurPool{3, 1}, v), 3, 1));
  }));
  EXPECT_FALSE(filtered([&](Sketch& net, int v) { return net.add(strided(9, 8), net.add(BlurPool{5, 1}, v)); }));
  EXPECT_FALSE(filtered([&](Sketch& net, int v) { return net.add(Pool{PoolKind::average, {2, 2}, {4, 4}}, v); }));
  // An average that only reads padding at the border is not a filter.
  EXPECT_FALSE(filtered([&](Sketch& net, int v) {
    return net.add(strided(3, 2), net.add(Dropout{}, net.add(Pool{PoolKind::average, {1, 1}, {1, 1}}, v)));
  }));
}

}  // namespace
}  // namespace gensynth::rules
