#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "architecture/base/error.hpp"
#include "runtime/latency/devices/device.hpp"
#include "runtime/latency/latency_model.hpp"
#include "runtime/latency/model/kernel_time.hpp"
#include "runtime/latency/model/kernel_walk.hpp"
#include "tests/architecture/random_architecture.hpp"

// A kernel that needs more operations or moves more data is never predicted to be faster, up to the limits of every
// attribute, and no kernel is predicted to be faster than the core or the memory allows.

namespace gensynth::latency {
namespace {

struct Named {
  std::string name;
  LatencyModel model;
};

const std::vector<Named>& models() {
  static const std::vector<Named> all = [] {
    std::vector<Named> result;
    for (const Precision precision : {Precision::float32, Precision::int8}) {
      for (const std::string& runtime : LatencyModel::runtimes("cortex-a72", precision)) {
        for (const int threads : {1, 4}) {
          result.push_back({runtime + " " + to_string(precision) + " " + std::to_string(threads),
                            LatencyModel({.runtime = runtime, .threads = threads, .precision = precision})});
        }
      }
    }
    return result;
  }();
  return all;
}

/// One operator on a map, with a convolution of 1x1 before it, so that it reads what a kernel wrote.
Architecture on_map(const Operator& op, int channels, int px, int inputs = 1) {
  ArchitectureBuilder b("one", Shape{Layout::map, 4, px, px});
  std::vector<int> reads;
  for (int i = 0; i < inputs; ++i) reads.push_back(b.add(Convolution{.out_channels = channels}, 0));
  return b.build(b.add(op, reads));
}

Architecture on_tokens(const Operator& op, int channels, int px) {
  ArchitectureBuilder b("one", Shape{Layout::map, 4, px, px});
  return b.build(b.add(op, b.add(ToTokens{}, b.add(Convolution{.out_channels = channels}, 0))));
}

/// Holds that no model predicts less for a later network of the list.
void expect_rising(const std::string& what, const std::vector<int>& values,
                   const std::function<Architecture(int)>& network, double slack = 1e-9) {
  std::vector<double> before(models().size(), 0);
  for (const int value : values) {
    const Architecture net = network(value);
    for (std::size_t m = 0; m < models().size(); ++m) {
      const double now = models()[m].model.total(net).value;
      EXPECT_TRUE(std::isfinite(now));
      EXPECT_GE(now, before[m] * (1 - slack)) << what << " " << value << ", " << models()[m].name;
      before[m] = now;
    }
  }
}

const std::vector<int> kKernels{3, 5, 7, 9, 11, 15, 17, 21, 31, 45, 63, 101, 127, 255};

Convolution depthwise(int channels, int kernel) {
  return {
      .out_channels = channels, .kernel = {kernel, kernel}, .padding = {kernel / 2, kernel / 2}, .groups = channels};
}

TEST(Monotony, KernelsUpToTheirLimit) {
  expect_rising("depthwise kernel", kKernels, [](int k) { return on_map(depthwise(32, k), 32, 16); });
  expect_rising("dense kernel", {5, 7, 9, 11, 15, 17, 21, 31, 63, 127, 255}, [](int k) {
    return on_map(Convolution{.out_channels = 8, .kernel = {k, k}, .padding = {k / 2, k / 2}}, 8, 16);
  });
  expect_rising("grouped kernel", {5, 7, 9, 17, 31, 63, 127}, [](int k) {
    return on_map(Convolution{.out_channels = 32, .kernel = {k, k}, .padding = {k / 2, k / 2}, .groups = 4}, 32, 16);
  });
  expect_rising("kernel of one axis", kKernels, [](int k) {
    return on_map(Convolution{.out_channels = 32, .kernel = {1, k}, .padding = {0, k / 2}, .groups = 32}, 32, 16);
  });
  for (const PoolKind kind : {PoolKind::max, PoolKind::average}) {
    expect_rising("pool", kKernels, [&](int k) { return on_map(Pool{kind, {k, k}, {1, 1}, {k / 2, k / 2}}, 32, 16); });
  }
  expect_rising("blur taps", {2, 3, 5}, [](int taps) { return on_map(BlurPool{taps, 2}, 32, 32); });
}

TEST(Monotony, ChannelsUpToTheirLimit) {
  const std::vector<int> widths{4, 8, 12, 16, 20, 32, 40, 64, 100, 128, 256, 512, 1000, 1024, 4096, 16384, 65536};
  expect_rising("pointwise", widths, [](int c) { return on_map(Convolution{.out_channels = c}, 32, 8); });
  expect_rising("dense", {16, 20, 32, 48, 64, 100, 128, 256, 512, 1024, 4096}, [](int c) {
    return on_map(Convolution{.out_channels = c, .kernel = {3, 3}, .padding = {1, 1}}, 32, 8);
  });
  expect_rising("depthwise", widths, [](int c) { return on_map(depthwise(c, 3), c, 8); });
  expect_rising("linear", widths, [](int c) {
    ArchitectureBuilder b("one", Shape{Layout::map, 64, 4, 4});
    return b.build(b.add(Linear{c}, b.add(GlobalPool{}, 0)));
  });
  for (const Operator& op : {Operator(Activation{ActivationKind::sigmoid}), Operator(Activation{}),
                             Operator(Resize{ResizeMode::bilinear, 2}), Operator(Resize{ResizeMode::nearest, 3}),
                             Operator(GlobalPool{}), Operator(BlurPool{3, 2}), Operator(Scale{})}) {
    expect_rising(operator_name(op), widths, [&](int c) { return on_map(op, c, 8); });
  }
  for (const Operator& op : {Operator(Add{}), Operator(Multiply{}), Operator(Concat{})}) {
    expect_rising(operator_name(op), {16, 32, 64, 128, 1024, 4096}, [&](int c) { return on_map(op, c, 8, 2); });
    expect_rising(std::string(operator_name(op)) + " inputs", {2, 3, 4, 8, 16},
                  [&](int inputs) { return on_map(op, 32, 8, inputs); });
  }
}

TEST(Monotony, ExtentsUpToTheirLimit) {
  const std::vector<int> sides{2, 3, 4, 7, 8, 14, 16, 28, 32, 56, 112, 224, 512, 1024};
  expect_rising("pointwise", sides, [](int px) { return on_map(Convolution{.out_channels = 16}, 16, px); });
  expect_rising("dense", sides, [](int px) {
    return on_map(Convolution{.out_channels = 16, .kernel = {3, 3}, .padding = {1, 1}}, 16, px);
  });
  expect_rising("depthwise", sides, [](int px) { return on_map(depthwise(16, 5), 16, px); });
  expect_rising("attention", {2, 4, 8, 16, 32, 64}, [](int px) { return on_tokens(MultiHeadAttention{4}, 16, px); });
  expect_rising("cross-covariance attention", {2, 4, 8, 16, 32, 64},
                [](int px) { return on_tokens(CrossCovarianceAttention{4}, 16, px); });
  expect_rising("layer norm", sides, [](int px) { return on_map(LayerNorm{}, 16, px); });
  expect_rising("resize", {1, 2, 3, 4, 8, 16}, [](int scale) {
    return on_map(Resize{ResizeMode::bilinear, scale}, 16, 8);
  });
}

TEST(Monotony, TwiceTheStrideIsNotSlower) {
  // From 2 on: a strided output may be more expensive than four others, as instruction counts of LibTorch's own
  // depthwise kernel say.
  for (std::size_t m = 0; m < models().size(); ++m) {
    double before = 1e300;
    for (const int stride : {2, 4, 8, 16}) {
      const Convolution op{
          .out_channels = 32, .kernel = {5, 5}, .stride = {stride, stride}, .padding = {2, 2}, .groups = 32};
      const double now = models()[m].model.total(on_map(op, 32, 64)).value;
      EXPECT_LE(now, before * (1 + 1e-9)) << stride << ", " << models()[m].name;
      before = now;
    }
  }
}

TEST(Monotony, NothingIsFasterThanTheCoreOrTheMemory) {
  const devices::Device device = devices::find_device("cortex-a72");
  Rng rng(19);
  for (int i = 0; i < 100; ++i) {
    const Architecture net = RandomArchitecture(rng, 32, 40).build();
    for (const auto& [name, runtime] : device.runtimes) {
      for (const auto& [precision, data] : runtime.precisions) {
        model::Parameters fastest = data.parameters;
        // Rates that no core has: a file of a user may state them.
        for (const auto rate :
             {model::Parameter::pointwise_rate, model::Parameter::convolution_rate, model::Parameter::depthwise_rate,
              model::Parameter::grouped_rate, model::Parameter::linear_rate}) {
          fastest[static_cast<std::size_t>(rate)] = 64;
        }
        for (const model::Parameters& parameters : {data.parameters, fastest}) {
          const model::KernelCostModel timer(parameters, runtime.traits(data), device.hardware(), 4, 1.5);
          for (const model::Kernel& kernel : model::kernels_of(net, runtime.fusion)) {
            const double peak = device.macs_per_cycle * std::max(1.0, 4 / data.element_bytes) * 4;
            const double saved = kernel.winograd ? std::max(1.0, get(parameters, model::Parameter::winograd_gain)) : 1;
            const double compute = kernel.macs / saved / (peak * 1.5e6);
            const double bandwidth = get(parameters, model::Parameter::dram_bandwidth) *
                                     (1 + 3 * get(parameters, model::Parameter::dram_thread_gain));
            const double memory = kernel.weights * data.element_bytes / (bandwidth * 1e6);
            const double total = timer(kernel).total;
            ASSERT_GE(total, compute * (1 - 1e-9)) << name << " " << to_string(precision);
            ASSERT_GE(total, memory * (1 - 1e-9)) << name << " " << to_string(precision);
          }
        }
      }
    }
  }
}

}  // namespace
}  // namespace gensynth::latency
