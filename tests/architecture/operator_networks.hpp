#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "architecture/architecture.hpp"
#include "architecture/base/random.hpp"
#include "architecture/weights.hpp"

namespace gensynth {

/// Values for every array, none of them neutral, so that a forgotten or misplaced array changes the result.
inline Weights random_weights(const Architecture& net, std::uint64_t seed) {
  Weights weights;
  Rng rng(seed);
  for (const auto& [name, shape] : weight_shapes(net)) {
    WeightArray array{shape, {}};
    std::int64_t elements = 1;
    for (const auto extent : shape) elements *= extent;
    std::int64_t fan_in = elements / std::max<std::int64_t>(1, shape.empty() ? 1 : shape[0]);
    const double spread = 1.5 / std::sqrt(static_cast<double>(std::max<std::int64_t>(1, fan_in)));
    const bool variance = name.ends_with(".running_var");
    for (std::int64_t i = 0; i < elements; ++i) {
      array.values.push_back(static_cast<float>(variance ? 0.5 + uniform01(rng) : spread * (2 * uniform01(rng) - 0.9)));
    }
    weights.emplace(name, std::move(array));
  }
  return weights;
}

inline std::vector<float> random_image(const Shape& shape, std::uint64_t seed) {
  Rng rng(seed);
  std::vector<float> image;
  for (std::int64_t i = 0; i < shape.elements(); ++i) image.push_back(static_cast<float>(standard_normal(rng)));
  return image;
}

/// One small network for every operator and each of its variants.
inline std::vector<Architecture> operator_networks() {
  std::vector<Architecture> networks;
  const auto add = [&](const std::string& name, const Shape& in, const std::function<int(ArchitectureBuilder&)>& grow) {
    ArchitectureBuilder builder(name, in);
    const int output = grow(builder);
    networks.push_back(builder.build(output));
  };
  const auto one = [&](const std::string& name, const Shape& in, const Operator& op) {
    add(name, in, [&](ArchitectureBuilder& b) { return b.add(op, 0); });
  };
  const Shape map{Layout::map, 8, 12, 10};

  one("conv", map, Convolution{.out_channels = 6, .kernel = {3, 5}, .padding = {1, 2}, .bias = true});
  one("conv_strided", map, Convolution{.out_channels = 6, .kernel = {3, 3}, .stride = {2, 3}, .padding = {1, 0}});
  one("conv_dilated", map, Convolution{.out_channels = 4, .kernel = {3, 3}, .padding = {2, 1}, .dilation = {2, 1}});
  one("conv_grouped", map, Convolution{.out_channels = 12, .kernel = {3, 3}, .groups = 4});
  one("conv_depthwise", map, Convolution{.out_channels = 8, .kernel = {3, 3}, .padding = {1, 1}, .groups = 8});
  one("batch_norm", map, BatchNorm{1e-3});
  add("conv_batch_norm", map, [](ArchitectureBuilder& b) {
    return b.add(BatchNorm{}, b.add(Convolution{.out_channels = 5, .kernel = {3, 3}}, 0));
  });
  one("layer_norm", map, LayerNorm{1e-6});
  add("layer_norm_tokens", map, [](ArchitectureBuilder& b) {
    return b.add(LayerNorm{1e-5}, b.add(ToTokens{{2, 2}}, 0));
  });
  add("layer_norm_vector", map, [](ArchitectureBuilder& b) {
    const int vector = b.add(Linear{7}, b.add(GlobalPool{}, 0));
    return b.add(LayerNorm{1e-5}, vector);
  });
  add("batch_norm_vector", map, [](ArchitectureBuilder& b) {
    const int vector = b.add(Activation{ActivationKind::tanh}, b.add(Linear{7}, b.add(GlobalPool{}, 0)));
    return b.add(BatchNorm{}, vector);
  });
  for (int kind = 0; kind <= static_cast<int>(ActivationKind::tanh); ++kind) {
    const Activation activation{static_cast<ActivationKind>(kind)};
    one(std::string("activation_") + to_string(activation.kind), map, activation);
  }
  add("prelu_tokens", map,
      [](ArchitectureBuilder& b) { return b.add(Activation{ActivationKind::prelu}, b.add(ToTokens{}, 0)); });
  add("prelu_vector", map, [](ArchitectureBuilder& b) {
    return b.add(Activation{ActivationKind::prelu}, b.add(Linear{9}, b.add(GlobalPool{}, 0)));
  });
  for (const PoolKind kind : {PoolKind::max, PoolKind::average}) {
    for (const bool ceil : {false, true}) {
      for (const bool count : {false, true}) {
        if (kind == PoolKind::max && count) continue;
        const std::string name =
            std::string(kind == PoolKind::max ? "max" : "average") + (ceil ? "_ceil" : "") + (count ? "_count" : "");
        one(name + "_3s2p1", map, Pool{kind, {3, 3}, {2, 2}, {1, 1}, ceil, count});
        one(name + "_2s2p0", {Layout::map, 3, 7, 9}, Pool{kind, {2, 2}, {2, 2}, {0, 0}, ceil, count});
        one(name + "_2s3p1", {Layout::map, 3, 7, 8}, Pool{kind, {2, 3}, {3, 2}, {1, 1}, ceil, count});
        one(name + "_5s4p2", {Layout::map, 2, 11, 8}, Pool{kind, {5, 4}, {4, 3}, {2, 0}, ceil, count});
      }
    }
  }
  for (const int taps : {2, 3, 5}) {
    for (const int stride : {1, 2, 3}) {
      one("blur_" + std::to_string(taps) + "s" + std::to_string(stride), {Layout::map, 3, 9, 12},
          BlurPool{taps, stride});
    }
  }
  one("global_pool", map, GlobalPool{});
  add("global_pool_tokens", map, [](ArchitectureBuilder& b) {
    return b.add(GlobalPool{}, b.add(ToTokens{{2, 2}}, 0));
  });
  for (const ResizeMode mode : {ResizeMode::nearest, ResizeMode::bilinear}) {
    const std::string name = mode == ResizeMode::nearest ? "nearest" : "bilinear";
    one(name + "_scale", map, Resize{mode, 2});
    one(name + "_scale3", map, Resize{mode, 3});
    const auto to_input = [&](const std::string& word, const Convolution& shrink) {
      add(name + word, {Layout::map, 4, 11, 14}, [&](ArchitectureBuilder& b) {
        return b.add(Resize{mode, 0}, {b.add(shrink, 0), 0});
      });
    };
    to_input("_up", Convolution{.out_channels = 3, .kernel = {3, 3}, .stride = {2, 2}});
    to_input("_up_odd", Convolution{.out_channels = 3, .kernel = {5, 4}, .stride = {1, 3}});
    to_input("_seventh", Convolution{.out_channels = 3, .kernel = {1, 1}, .stride = {11, 5}});
    to_input("_from_pixel", Convolution{.out_channels = 3, .kernel = {11, 14}});
    add(name + "_down", {Layout::map, 4, 13, 14}, [&](ArchitectureBuilder& b) {
      const int small = b.add(Convolution{.out_channels = 3, .kernel = {3, 3}, .stride = {2, 3}}, 0);
      return b.add(Add{}, {b.add(Resize{mode, 0}, {b.add(Convolution{.out_channels = 3}, 0), small}), small});
    });
  }
  const auto wide = [](ArchitectureBuilder& b) { return b.add(Convolution{.out_channels = 8, .kernel = {1, 1}}, 0); };
  const auto narrow = [](ArchitectureBuilder& b) {
    return b.add(Convolution{.out_channels = 8, .bias = true}, b.add(GlobalPool{}, 0));
  };
  add("add", map, [&](ArchitectureBuilder& b) { return b.add(Add{}, {0, wide(b)}); });
  add("add_same", map, [&](ArchitectureBuilder& b) { return b.add(Add{}, {0, 0}); });
  add("add_many", map, [&](ArchitectureBuilder& b) { return b.add(Add{}, {narrow(b), 0, wide(b), wide(b)}); });
  add("multiply", map, [&](ArchitectureBuilder& b) { return b.add(Multiply{}, {0, narrow(b)}); });
  add("multiply_many", map, [&](ArchitectureBuilder& b) { return b.add(Multiply{}, {narrow(b), wide(b), 0}); });
  add("concat", map, [&](ArchitectureBuilder& b) { return b.add(Concat{}, {wide(b), 0, wide(b)}); });
  add("concat_tokens", map, [&](ArchitectureBuilder& b) {
    const int tokens = b.add(ToTokens{}, 0);
    return b.add(Concat{}, {tokens, b.add(Linear{5}, tokens)});
  });
  add("concat_vector", map, [&](ArchitectureBuilder& b) {
    const int vector = b.add(Linear{4}, b.add(GlobalPool{}, 0));
    return b.add(Concat{}, {vector, b.add(Activation{ActivationKind::tanh}, vector)});
  });
  one("split", map, Split{2, 5});
  add("split_tokens", map, [](ArchitectureBuilder& b) { return b.add(Split{3, 8}, b.add(ToTokens{}, 0)); });
  add("split_vector", map, [](ArchitectureBuilder& b) {
    return b.add(Split{1, 4}, b.add(Linear{6}, b.add(GlobalPool{}, 0)));
  });
  one("shuffle2", map, ChannelShuffle{2});
  one("shuffle4", map, ChannelShuffle{4});
  add("linear", map, [](ArchitectureBuilder& b) { return b.add(Linear{11, true}, b.add(GlobalPool{}, 0)); });
  add("linear_twice", map, [](ArchitectureBuilder& b) {
    const int first = b.add(Activation{ActivationKind::relu}, b.add(Linear{11, false}, b.add(GlobalPool{}, 0)));
    return b.add(Linear{3, false}, first);
  });
  add("linear_tokens", map, [](ArchitectureBuilder& b) { return b.add(Linear{5, true}, b.add(ToTokens{}, 0)); });
  add("linear_tokens_bare", map, [](ArchitectureBuilder& b) {
    return b.add(Linear{5, false}, b.add(ToTokens{{2, 1}}, 0));
  });
  one("to_tokens", map, ToTokens{});
  one("to_tokens_patch", map, ToTokens{{3, 2}});
  add("from_tokens", map, [](ArchitectureBuilder& b) {
    return b.add(FromTokens{{2, 5}}, {b.add(Linear{3}, b.add(ToTokens{{2, 5}}, 0)), 0});
  });
  add("tokens_regrouped", {Layout::map, 3, 4, 6}, [](ArchitectureBuilder& b) {
    const int other = b.add(Convolution{.out_channels = 2, .kernel = {1, 1}}, 0);
    const int tokens = b.add(Linear{4}, b.add(ToTokens{{2, 3}}, 0));
    return b.add(FromTokens{{2, 3}}, {tokens, other});
  });
  for (const bool bias : {true, false}) {
    for (const int heads : {1, 4}) {
      const std::string word = std::to_string(heads) + (bias ? "" : "_bare");
      add("attention" + word, map, [&](ArchitectureBuilder& b) {
        return b.add(MultiHeadAttention{heads, bias}, b.add(ToTokens{{2, 2}}, 0));
      });
      add("cross_covariance" + word, map, [&](ArchitectureBuilder& b) {
        return b.add(CrossCovarianceAttention{heads, bias}, b.add(ToTokens{{1, 2}}, 0));
      });
    }
  }
  one("positional_encoding", map, PositionalEncoding{6});
  one("positional_encoding_odd", map, PositionalEncoding{5});
  one("scale", map, Scale{true, 0.5});
  one("scale_one", map, Scale{false, 0.5});
  add("scale_tokens", map, [](ArchitectureBuilder& b) { return b.add(Scale{true, 0.5}, b.add(ToTokens{}, 0)); });
  add("zero", map, [](ArchitectureBuilder& b) { return b.add(Add{}, {0, b.add(Zero{}, 0)}); });
  add("dropout", map, [](ArchitectureBuilder& b) { return b.add(Dropout{0.5}, b.add(ChannelShuffle{2}, 0)); });
  return networks;
}

}  // namespace gensynth
