// Every operator against plain loops, alone and in random networks.
#include <ATen/ATen.h>
#include <c10/core/GradMode.h>
#include <gtest/gtest.h>

#include <cmath>

#include "runtime/torch/network.hpp"
#include "tests/architecture/random_architecture.hpp"
#include "tests/runtime/torch/reference.hpp"

namespace gensynth::libtorch {
namespace {

/// Random values in all arrays, so that no factor of one or bias of zero hides a mistake.
Weights random_weights(const Architecture& architecture, Rng& rng) {
  Weights weights = initial_weights(architecture, rng());
  for (auto& [name, array] : weights) {
    const bool variance = name.ends_with("running_var");
    for (float& value : array.values) {
      if (variance) {
        value = static_cast<float>(0.5 + uniform01(rng));
      } else if (array.shape.size() == 1) {
        value += static_cast<float>(0.3 * standard_normal(rng));
      }
    }
  }
  return weights;
}

at::Tensor random_images(const Shape& shape, int count, Rng& rng) {
  at::Tensor images = at::empty({count, shape.channels, shape.height, shape.width}, at::kFloat);
  for (std::int64_t i = 0; i < images.numel(); ++i) {
    images.data_ptr<float>()[i] = static_cast<float>(standard_normal(rng));
  }
  return images;
}

/// Compares every vertex for the second of two images, so that a mix-up of images shows.
void expect_agreement(const Architecture& architecture, Rng& rng) {
  const Weights weights = random_weights(architecture, rng);
  const at::Tensor images = random_images(architecture.shape(0), 2, rng);
  reference::Values image(architecture.shape(0));
  const float* second = images.data_ptr<float>() + image.data.size();
  std::copy(second, second + image.data.size(), image.data.begin());
  const std::vector<reference::Values> expected = reference::run(architecture, weights, image);

  Network network(architecture, 1);
  network.load(weights);
  network.train(false);
  const c10::NoGradGuard no_grad;
  const auto compare = [&](int v, const at::Tensor& output) {
    const at::Tensor found = output.select(0, 1).contiguous();
    const std::vector<double>& wanted = expected[static_cast<std::size_t>(v)].data;
    ASSERT_EQ(static_cast<std::size_t>(found.numel()), wanted.size()) << architecture[v].id;
    double size = 1e-3;
    for (const double value : wanted) size = std::max(size, std::abs(value));
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      ASSERT_NEAR(found.data_ptr<float>()[i], wanted[i], 2e-4 * size) << architecture[v].id << " at " << i;
    }
  };
  network.forward(images, compare);
  if (testing::Test::HasFatalFailure()) return;
  // Without a visitor activations may overwrite their inputs; the output must be the same.
  compare(architecture.output(), network.forward(images));
}

/// A network of one operator on a map, through a convolution first so that inputs carry gradients and strides.
Architecture single(const Operator& op, Shape input = {Layout::map, 6, 7, 9}) {
  ArchitectureBuilder b("single", input);
  return b.build(b.add(op, b.input()));
}

void expect_agreement(const Operator& op, Shape input = {Layout::map, 6, 7, 9}) {
  SCOPED_TRACE(operator_name(op));
  Rng rng(7);
  expect_agreement(single(op, input), rng);
}

TEST(OperatorsTest, Convolution) {
  expect_agreement(Convolution{.out_channels = 4, .kernel = {3, 3}, .padding = {1, 1}});
  expect_agreement(Convolution{
      .out_channels = 12, .kernel = {5, 3}, .stride = {2, 1}, .padding = {2, 0}, .groups = 6, .bias = true});
  expect_agreement(
      Convolution{.out_channels = 4, .kernel = {3, 2}, .padding = {2, 1}, .dilation = {2, 3}, .groups = 2});
}

TEST(OperatorsTest, Normalisation) {
  expect_agreement(BatchNorm{1e-3});
  expect_agreement(LayerNorm{1e-6});
}

TEST(OperatorsTest, EveryActivation) {
  for (int kind = 0; kind <= static_cast<int>(ActivationKind::tanh); ++kind) {
    SCOPED_TRACE(to_string(static_cast<ActivationKind>(kind)));
    expect_agreement(Activation{static_cast<ActivationKind>(kind)});
    Rng rng(11);
    ArchitectureBuilder b("after", {Layout::map, 3, 5, 5});  // after a vertex that it may overwrite
    const int v = b.add(BatchNorm{}, b.add(Convolution{.out_channels = 8, .kernel = {3, 3}}, b.input()));
    expect_agreement(b.build(b.add(Activation{static_cast<ActivationKind>(kind)}, v)), rng);
  }
}

TEST(OperatorsTest, Pool) {
  for (const PoolKind kind : {PoolKind::max, PoolKind::average}) {
    for (const bool ceil : {false, true}) {
      for (const bool count : {false, true}) {
        expect_agreement(Pool{kind, {3, 2}, {2, 3}, {1, 0}, ceil, count && kind == PoolKind::average});
      }
    }
  }
  expect_agreement(GlobalPool{});
}

TEST(OperatorsTest, BlurPoolOfEveryTapsAndStride) {
  for (const int taps : {2, 3, 5}) {
    for (const int stride : {1, 2, 3}) expect_agreement(BlurPool{taps, stride});
  }
}

TEST(OperatorsTest, BlurPoolKeepsAConstantMap) {
  for (const int taps : {2, 3, 5}) {
    Network network(single(BlurPool{taps, 2}), 1);
    const at::Tensor out = network.forward(at::full({1, 6, 7, 9}, 3.0F));
    EXPECT_NEAR(out.min().item<float>(), 3.0F, 1e-6F);
    EXPECT_NEAR(out.max().item<float>(), 3.0F, 1e-6F);
  }
}

TEST(OperatorsTest, BlurPoolDerivativeIsThatOfAPaddedConvolution) {
  for (const int taps : {2, 3, 5}) {
    for (const int stride : {1, 2, 3}) {
      Rng rng(13);
      const BlurPool op{taps, stride};
      Network network(single(op), 1);
      at::Tensor images = random_images({Layout::map, 6, 7, 9}, 2, rng).set_requires_grad(true);
      const at::Tensor out = network.forward(images);
      const at::Tensor factor = random_images(network.architecture().shape(1), 2, rng);
      (out * factor).sum().backward();
      const at::Tensor found = images.grad().clone();
      images.mutable_grad().reset();

      at::Tensor line = at::ones({1});
      for (int i = 1; i < taps; ++i) line = (at::constant_pad_nd(line, {0, 1}) + at::constant_pad_nd(line, {1, 0})) / 2;
      const at::Tensor kernel = at::outer(line, line).expand({6, 1, taps, taps});
      const std::vector<std::int64_t> pad{(taps - 1) / 2, taps / 2, (taps - 1) / 2, taps / 2}, step{stride, stride};
      const at::Tensor padded = at::reflection_pad2d(images, pad);
      const std::vector<std::int64_t> none{0, 0}, one{1, 1};
      (at::conv2d(padded, kernel, {}, step, none, one, 6) * factor).sum().backward();
      EXPECT_TRUE(at::allclose(found, images.grad(), 1e-5, 1e-6)) << taps << " taps, stride " << stride;
    }
  }
}

TEST(OperatorsTest, Resize) {
  for (const ResizeMode mode : {ResizeMode::nearest, ResizeMode::bilinear}) {
    expect_agreement(Resize{mode, 2});
    expect_agreement(Resize{mode, 3});
    Rng rng(3);
    ArchitectureBuilder b("condense", {Layout::map, 4, 11, 13});  // expand to the condensed map's own extent
    const int small = b.add(Pool{.kernel = {3, 3}, .stride = {3, 3}}, b.input());
    expect_agreement(b.build(b.add(Multiply{}, {b.input(), b.add(Resize{mode, 0}, {small, b.input()})})), rng);
  }
}

TEST(OperatorsTest, ElementwiseBroadcastsAnExtentOfOne) {
  Rng rng(5);
  ArchitectureBuilder b("gate", {Layout::map, 4, 5, 6});
  const int one = b.add(GlobalPool{}, b.input());
  const int sum = b.add(Add{}, {one, b.input(), b.input()});
  expect_agreement(b.build(b.add(Multiply{}, {sum, one})), rng);
}

TEST(OperatorsTest, ChannelsMove) {
  expect_agreement(ChannelShuffle{2});
  expect_agreement(ChannelShuffle{3});
  expect_agreement(Split{2, 5});
  Rng rng(5);
  ArchitectureBuilder b("concat", {Layout::map, 6, 4, 5});
  const int part = b.add(Split{1, 4}, b.input());
  expect_agreement(b.build(b.add(Concat{}, {part, b.input(), part})), rng);
}

TEST(OperatorsTest, TokensAndAttention) {
  for (const Operator& attention : std::vector<Operator>{
           MultiHeadAttention{2, true}, MultiHeadAttention{1, false}, CrossCovarianceAttention{2, true}, LayerNorm{},
           Linear{8, true}, Scale{true, 0.5}, Scale{false, 2}, Activation{}}) {
    SCOPED_TRACE(operator_name(attention));
    Rng rng(9);
    ArchitectureBuilder b("tokens", {Layout::map, 8, 6, 8});
    const int tokens = b.add(attention, b.add(ToTokens{{3, 2}}, b.input()));
    expect_agreement(b.build(b.add(FromTokens{{3, 2}}, {tokens, b.input()})), rng);
  }
  Rng rng(9);
  ArchitectureBuilder b("pooled", {Layout::map, 8, 6, 8});
  expect_agreement(b.build(b.add(Linear{5}, b.add(GlobalPool{}, b.add(ToTokens{{2, 2}}, b.input())))), rng);
}

TEST(OperatorsTest, PositionScaleZeroDropout) {
  expect_agreement(PositionalEncoding{8});
  expect_agreement(Scale{true, 0.1});
  expect_agreement(Scale{false, 3});
  expect_agreement(Zero{});
  expect_agreement(Dropout{0.5});
}

TEST(OperatorsTest, RandomNetworks) {
  Rng rng(2026);
  for (int i = 0; i < 60 && !HasFatalFailure(); ++i) {
    SCOPED_TRACE("network " + std::to_string(i));
    expect_agreement(random_architecture(rng, 8 + below(rng, 9), 30), rng);
  }
}

TEST(OperatorsTest, DropoutInTraining) {
  Network network(single(Dropout{0.25}, {Layout::map, 16, 8, 8}), 1);
  const at::Tensor images = at::ones({4, 16, 8, 8});
  network.reseed(1);
  const at::Tensor first = network.forward(images);
  EXPECT_NEAR(first.eq(0).to(at::kFloat).mean().item<double>(), 0.25, 0.03);
  EXPECT_NEAR(first.max().item<double>(), 1 / 0.75, 1e-6);
  network.reseed(2);
  EXPECT_FALSE(at::equal(first, network.forward(images)));
  network.reseed(1);
  EXPECT_TRUE(at::equal(first, network.forward(images)));
}

TEST(OperatorsTest, BatchNormInTrainingNormalisesTheBatch) {
  Rng rng(4);
  Network network(single(BatchNorm{1e-5}), 1);
  const at::Tensor images = random_images({Layout::map, 6, 7, 9}, 8, rng) * 3 + 5;
  const at::Tensor out = network.forward(images);
  EXPECT_LT(out.mean(std::vector<std::int64_t>{0, 2, 3}).abs().max().item<double>(), 1e-4);
  EXPECT_NEAR(out.var().item<double>(), 1, 0.01);
  const at::Tensor mean = network.buffers().at(0);
  const at::Tensor wanted = images.mean(std::vector<std::int64_t>{0, 2, 3}) * 0.1;
  EXPECT_TRUE(at::allclose(mean, wanted, 1e-4));
}

}  // namespace
}  // namespace gensynth::libtorch
