#include "architecture/operators.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "architecture/base/error.hpp"

namespace gensynth {
namespace {

using testing::HasSubstr;

Shape map(int channels, int height, int width) { return {Layout::map, channels, height, width}; }
Shape tokens(int sets, int count, int channels) { return {Layout::tokens, channels, sets, count}; }
Shape vector_of(int channels) { return {Layout::vector, channels, 1, 1}; }

std::string failure(const Operator& op, const std::vector<Shape>& inputs) {
  try {
    const Shape shape = infer_shape(op, inputs);
    return "no error, but shape " + to_string(shape);
  } catch (const Error& error) {
    return error.what();
  }
}

struct Golden {
  Operator op;
  std::vector<Shape> inputs;
  Shape output;
};

TEST(InferShape, MatchesHandComputedShapes) {
  const std::vector<Golden> cases{
      {Convolution{.out_channels = 16, .kernel = {3, 3}, .stride = {2, 2}, .padding = {1, 1}},
       {map(3, 224, 224)},
       map(16, 112, 112)},
      {Convolution{.out_channels = 8, .kernel = {7, 7}, .stride = {2, 2}, .padding = {3, 3}},
       {map(3, 224, 224)},
       map(8, 112, 112)},
      {Convolution{.out_channels = 6, .kernel = {3, 5}, .stride = {1, 2}, .padding = {0, 1}, .groups = 3},
       {map(3, 10, 11)},
       map(6, 8, 5)},
      {Convolution{.out_channels = 4, .kernel = {3, 3}, .padding = {2, 2}, .dilation = {2, 2}},
       {map(4, 9, 9)},
       map(4, 9, 9)},
      {Convolution{.out_channels = 4, .kernel = {2, 2}, .stride = {2, 2}}, {map(4, 5, 4)}, map(4, 2, 2)},
      {BatchNorm{}, {map(7, 3, 4)}, map(7, 3, 4)},
      {BatchNorm{}, {vector_of(7)}, vector_of(7)},
      {LayerNorm{}, {tokens(4, 9, 8)}, tokens(4, 9, 8)},
      {Activation{ActivationKind::gelu}, {tokens(4, 9, 8)}, tokens(4, 9, 8)},
      {Pool{}, {map(8, 7, 6)}, map(8, 3, 3)},
      {Pool{.kernel = {3, 3}, .stride = {2, 2}, .padding = {1, 1}}, {map(8, 112, 112)}, map(8, 56, 56)},
      {Pool{.kernel = {3, 3}, .stride = {2, 2}, .ceil_mode = true}, {map(8, 54, 54)}, map(8, 27, 27)},
      {Pool{.kernel = {3, 3}, .stride = {2, 2}, .ceil_mode = false}, {map(8, 54, 54)}, map(8, 26, 26)},
      // A window that would start in the padding after the map is dropped: 5 + 2 - 2 = 5, ceil(5 / 2) + 1 = 4 -> 3.
      {Pool{.kernel = {2, 2}, .stride = {2, 2}, .padding = {1, 1}, .ceil_mode = true}, {map(1, 4, 5)}, map(1, 3, 3)},
      {BlurPool{3, 2}, {map(8, 7, 8)}, map(8, 4, 4)},
      {BlurPool{2, 2}, {map(8, 5, 2)}, map(8, 3, 1)},
      {BlurPool{5, 4}, {map(8, 16, 17)}, map(8, 4, 5)},
      {BlurPool{5, 1}, {map(8, 3, 3)}, map(8, 3, 3)},
      {GlobalPool{}, {map(9, 7, 5)}, map(9, 1, 1)},
      {GlobalPool{}, {tokens(1, 49, 9)}, vector_of(9)},
      {Resize{ResizeMode::bilinear, 2}, {map(9, 7, 5)}, map(9, 14, 10)},
      {Resize{}, {map(9, 7, 5), map(2, 13, 3)}, map(9, 13, 3)},
      {Add{}, {map(4, 3, 3), map(4, 3, 3), map(4, 3, 3)}, map(4, 3, 3)},
      {Add{}, {vector_of(4), vector_of(4)}, vector_of(4)},
      {Multiply{}, {map(4, 1, 1), map(4, 3, 5)}, map(4, 3, 5)},
      {Multiply{}, {map(4, 3, 5), map(4, 1, 1)}, map(4, 3, 5)},
      {Concat{}, {map(4, 3, 5), map(1, 3, 5), map(2, 3, 5)}, map(7, 3, 5)},
      {Concat{}, {vector_of(3), vector_of(4)}, vector_of(7)},
      {Split{1, 4}, {map(5, 2, 2)}, map(3, 2, 2)},
      {ChannelShuffle{3}, {map(6, 2, 2)}, map(6, 2, 2)},
      {Linear{10}, {map(6, 1, 1)}, vector_of(10)},
      {Linear{10}, {vector_of(6)}, vector_of(10)},
      {Linear{10}, {tokens(4, 9, 6)}, tokens(4, 9, 10)},
      {ToTokens{}, {map(6, 4, 5)}, tokens(1, 20, 6)},
      {ToTokens{{2, 2}}, {map(6, 4, 6)}, tokens(4, 6, 6)},
      {FromTokens{{2, 2}}, {tokens(4, 6, 8), map(6, 4, 6)}, map(8, 4, 6)},
      {MultiHeadAttention{3}, {tokens(4, 6, 9)}, tokens(4, 6, 9)},
      {CrossCovarianceAttention{3}, {tokens(1, 6, 9)}, tokens(1, 6, 9)},
      {PositionalEncoding{}, {map(6, 4, 5)}, map(6, 4, 5)},
      {Scale{}, {tokens(1, 6, 9)}, tokens(1, 6, 9)},
      {Zero{}, {map(6, 4, 5)}, map(6, 4, 5)},
      {Dropout{}, {vector_of(3)}, vector_of(3)},
  };
  for (const Golden& golden : cases) {
    EXPECT_EQ(to_string(infer_shape(golden.op, golden.inputs)), to_string(golden.output))
        << operator_name(golden.op) << " of " << to_string(golden.inputs[0]);
  }
}

TEST(InferShape, SaysWhatDoesNotFit) {
  EXPECT_EQ(failure(Convolution{.out_channels = 4, .kernel = {5, 5}}, {map(16, 3, 3)}),
            "kernel 5x5 with padding 0 does not fit in [16, 3, 3]");
  EXPECT_EQ(failure(Convolution{.out_channels = 4, .groups = 3}, {map(16, 3, 3)}),
            "groups 3 does not divide the 16 input channels");
  EXPECT_EQ(failure(Convolution{.out_channels = 6, .groups = 4}, {map(16, 3, 3)}),
            "groups 4 does not divide the 6 output channels");
  EXPECT_THAT(failure(Add{}, {map(8, 4, 4), map(8, 4, 2)}), HasSubstr("input 0 is [8, 4, 4] but input 1 is [8, 4, 2]"));
  EXPECT_THAT(failure(Multiply{}, {map(8, 4, 4), map(8, 4, 4), map(4, 1, 1)}), HasSubstr("input 2 is [4, 1, 1]"));
  EXPECT_THAT(failure(Concat{}, {map(8, 4, 4), map(8, 1, 1)}), HasSubstr("expected equal extents"));
  EXPECT_EQ(failure(Split{2, 9}, {map(8, 4, 4)}), "channels [2, 9) are not a part of [8, 4, 4]");
  EXPECT_EQ(failure(ToTokens{{2, 2}}, {map(8, 4, 5)}), "patch 2x2 does not divide the extents of [8, 4, 5]");
  EXPECT_THAT(failure(FromTokens{{2, 2}}, {tokens(4, 5, 8), map(8, 4, 4)}), HasSubstr("do not fill"));
  EXPECT_THAT(failure(MultiHeadAttention{3}, {tokens(4, 5, 8)}), HasSubstr("heads 3 does not divide the 8 channels"));
  EXPECT_THAT(failure(BlurPool{3, 2}, {map(8, 1, 4)}), HasSubstr("do not fit in [8, 1, 4]"));
  EXPECT_THAT(failure(Pool{.padding = {2, 2}}, {map(8, 4, 4)}), HasSubstr("more than half of the kernel"));
  EXPECT_THAT(failure(Linear{10}, {map(8, 2, 1)}), HasSubstr("[8, 2, 1]"));
  EXPECT_THAT(failure(Resize{}, {map(8, 2, 1)}), HasSubstr("scale 0 needs a second input"));
  EXPECT_THAT(failure(Resize{ResizeMode::nearest, 2}, {map(8, 2, 1), map(8, 2, 1)}), HasSubstr("one of both"));
}

TEST(InferShape, RefusesWrongLayoutsAndCounts) {
  const Shape image = map(8, 4, 4);
  const std::vector<std::pair<Operator, std::vector<Shape>>> cases{
      {Input{}, {}},
      {Convolution{}, {vector_of(8)}},
      {Convolution{}, {image, image}},
      {BatchNorm{}, {tokens(1, 4, 8)}},
      {Pool{}, {tokens(1, 4, 8)}},
      {BlurPool{}, {vector_of(8)}},
      {GlobalPool{}, {vector_of(8)}},
      {Resize{}, {image, vector_of(8)}},
      {Resize{}, {image, image, image}},
      {Add{}, {image}},
      {Add{}, {map(8, 1, 1), vector_of(8)}},
      {Add{}, {tokens(1, 1, 8), tokens(1, 4, 8)}},
      {Multiply{}, {}},
      {Concat{}, {image}},
      {Concat{}, {map(8, 1, 1), vector_of(8)}},
      {ChannelShuffle{}, {vector_of(8)}},
      {ToTokens{}, {vector_of(8)}},
      {FromTokens{}, {tokens(1, 16, 8)}},
      {FromTokens{}, {image, image}},
      {MultiHeadAttention{}, {image}},
      {CrossCovarianceAttention{}, {vector_of(8)}},
      {PositionalEncoding{}, {tokens(1, 4, 8)}},
      {Dropout{}, {}},
  };
  for (const auto& [op, inputs] : cases) EXPECT_THROW(infer_shape(op, inputs), Error) << operator_name(op);
}

TEST(InferShape, RefusesAttributesOutOfRange) {
  const Shape image = map(8, 16, 16);
  const std::vector<Operator> cases{
      Convolution{.out_channels = 0},
      Convolution{.out_channels = (1 << 20) + 1},
      Convolution{.kernel = {0, 1}},
      Convolution{.kernel = {1, 2000}, .padding = {0, 1000}},
      Convolution{.stride = {1, 0}},
      Convolution{.padding = {-1, 0}},
      Convolution{.dilation = {0, 1}},
      Convolution{.groups = 0},
      Convolution{.groups = -1},
      Pool{.kernel = {0, 2}},
      Pool{.stride = {0, 2}},
      Pool{.padding = {-1, 0}},
      BlurPool{4, 2},
      BlurPool{3, 0},
      Resize{ResizeMode::nearest, -1},
      Resize{ResizeMode::nearest, 4096},
      Split{-1, 2},
      Split{2, 2},
      ChannelShuffle{0},
      ChannelShuffle{3},
      ToTokens{{0, 1}},
      PositionalEncoding{0},
      BatchNorm{0},
      BatchNorm{std::numeric_limits<double>::quiet_NaN()},
      LayerNorm{-1e-5},
      Scale{true, std::numeric_limits<double>::infinity()},
      Dropout{1.0},
      Dropout{-0.1},
  };
  for (const Operator& op : cases) EXPECT_THROW(infer_shape(op, {image}), Error) << operator_name(op);
  EXPECT_THROW(infer_shape(Linear{0}, {vector_of(8)}), Error);
  EXPECT_THROW(infer_shape(MultiHeadAttention{0}, {tokens(1, 4, 8)}), Error);
}

TEST(InferShape, RefusesWorkThatWouldOverflowCounts) {
  const int most = 1 << 20;
  EXPECT_THROW(infer_shape(Linear{most}, {vector_of(most)}), Error);
  EXPECT_THROW(infer_shape(Convolution{.out_channels = most}, {map(most, 1, 1)}), Error);
  EXPECT_THROW(infer_shape(Convolution{.out_channels = 1 << 14}, {map(1, 1 << 10, 1 << 10)}), Error);
  EXPECT_THROW(infer_shape(MultiHeadAttention{}, {tokens(1, 1 << 22, 64)}), Error);
}

TEST(Operators, HaveNamesAndTexts) {
  EXPECT_STREQ(operator_name(Convolution{}), "convolution");
  EXPECT_STREQ(operator_name(CrossCovarianceAttention{}), "cross_covariance_attention");
  EXPECT_STREQ(to_string(ActivationKind::hard_swish), "hard_swish");
  EXPECT_STREQ(to_string(PoolKind::average), "average");
  EXPECT_STREQ(to_string(ResizeMode::bilinear), "bilinear");
  EXPECT_EQ(to_string(map(24, 56, 56)), "[24, 56, 56]");
  EXPECT_EQ(to_string(tokens(4, 196, 96)), "tokens[4, 196, 96]");
  EXPECT_EQ(to_string(vector_of(1000)), "[1000]");
}

}  // namespace
}  // namespace gensynth
