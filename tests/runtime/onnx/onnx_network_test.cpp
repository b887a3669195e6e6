// Every operator, random networks and reference networks: the written model in ONNX Runtime against LibTorch.
#include <gtest/gtest.h>
#include <torch/types.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "architecture/zoo/zoo.hpp"
#include "runtime/onnx/onnx_writer.hpp"
#include "runtime/onnx/verify.hpp"
#include "runtime/torch/network.hpp"
#include "tests/architecture/operator_networks.hpp"
#include "tests/architecture/random_architecture.hpp"

namespace gensynth::onnx {
namespace {

std::vector<float> torch_scores(const Architecture& net, const Weights& weights, std::vector<float> image) {
  libtorch::Network network(net, 1);
  network.load(weights);
  network.train(false);
  const c10::NoGradGuard guard;
  const Shape& in = net.shape(0);
  const at::Tensor scores =
      network.forward(at::from_blob(image.data(), {1, in.channels, in.height, in.width})).contiguous();
  return {scores.data_ptr<float>(), scores.data_ptr<float>() + scores.numel()};
}

/// Empty if both agree, or if ONNX Runtime is not installed (`why_not` then gives the reason).
std::string difference(const Architecture& net, std::uint64_t seed, std::string& why_not) {
  const Weights weights = random_weights(net, seed);
  const std::vector<float> image = random_image(net.shape(0), seed + 1);
  const std::string path = testing::TempDir() + "onnx_network_test_" + std::to_string(getpid()) + ".onnx";
  write_onnx(net, weights, path);
  const Shape& in = net.shape(0);
  const auto run = run_onnx(path, {image}, {1, in.channels, in.height, in.width}, why_not);
  std::filesystem::remove(path);
  if (!run) return "";
  const std::vector<float> expected = torch_scores(net, weights, image);
  const std::vector<float>& found = run->outputs[0];
  if (found.size() != expected.size()) {
    return std::to_string(found.size()) + " values, expected " + std::to_string(expected.size());
  }
  double largest = 0;
  double apart = 0;
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (!std::isfinite(expected[i])) return "not finite in LibTorch";
    largest = std::max(largest, std::abs(static_cast<double>(expected[i])));
    apart = std::max(apart, std::abs(static_cast<double>(expected[i]) - found[i]));
  }
  // A negated comparison, so that a NaN from ONNX Runtime counts as a difference.
  if (largest == 0) return "all zero in LibTorch, which tests nothing";
  return !(apart <= 1e-4 * largest) ? std::to_string(apart) + " apart at most, largest value " + std::to_string(largest)
                                    : "";
}

TEST(OnnxNetwork, EveryOperatorAgreesWithLibTorch) {
  for (const auto& net : operator_networks()) {
    std::string why_not;
    EXPECT_EQ(difference(net, 7, why_not), "") << net.name();
    if (!why_not.empty()) GTEST_SKIP() << why_not;
  }
}

TEST(OnnxNetwork, RandomNetworksAgreeWithLibTorch) {
  Rng rng(77);
  for (int i = 0; i < 40; ++i) {
    const auto net = random_architecture(rng, 16 + below(rng, 33), 16 + below(rng, 80));
    std::string why_not;
    EXPECT_EQ(difference(net, static_cast<std::uint64_t>(i), why_not), "") << "network " << i;
    if (!why_not.empty()) GTEST_SKIP() << why_not;
  }
}

TEST(OnnxNetwork, ReferenceNetworksAgreeWithLibTorch) {
  for (const char* name : {"mobilenet-v3-small-1.0", "mobilevit-xxs", "edgenext-xxs", "mobileone-s0-train"}) {
    std::string why_not;
    EXPECT_EQ(difference(zoo::zoo_network(name).at_resolution(64), 3, why_not), "") << name;
    if (!why_not.empty()) GTEST_SKIP() << why_not;
  }
}

}  // namespace
}  // namespace gensynth::onnx
