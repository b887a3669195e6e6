// Networks in 8-bit integers and float16: the written model in ONNX Runtime against LibTorch.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "architecture/zoo/zoo.hpp"
#include "runtime/lowering/deployed.hpp"
#include "runtime/onnx/onnx_writer.hpp"
#include "runtime/onnx/verify.hpp"
#include "runtime/torch/run_network.hpp"
#include "tests/architecture/operator_networks.hpp"
#include "tests/architecture/random_architecture.hpp"
#include "tests/runtime/quantisation/quantised.hpp"

namespace gensynth::onnx {
namespace {

/// The output for one image; nothing without the runtime.
std::optional<std::vector<float>> run_model(const std::string& bytes, const Shape& in, const std::vector<float>& image,
                                            std::string& why_not) {
  const std::string path = ::testing::TempDir() + "integer_network_test_" + std::to_string(getpid()) + ".onnx";
  write_file_atomically(path, bytes);
  const auto found = run_onnx(path, {image}, {1, in.channels, in.height, in.width}, why_not);
  std::filesystem::remove(path);
  return found ? std::optional(found->outputs[0]) : std::nullopt;
}

/// The largest difference between ONNX Runtime and the simulation, in steps of the output.
std::optional<double> steps_apart(const Architecture& net, std::uint64_t seed, std::string& why_not) {
  const quantisation::QuantisedNetwork quantised = testing::quantised_network(net, seed);
  lowering::FileOptions options;
  options.precision = Precision::int8;
  const std::vector<float> image = random_image(net.shape(0), seed + 1);
  const auto found = run_model(onnx_model(quantised, options), net.shape(0), image, why_not);
  return found ? std::optional(testing::steps_apart(quantised, image, *found)) : std::nullopt;
}

TEST(IntegerNetwork, EveryOperatorAgreesWithTheSimulation) {
  for (const auto& net : operator_networks()) {
    std::string why_not;
    try {
      const auto apart = steps_apart(net, 7, why_not);
      if (!why_not.empty()) GTEST_SKIP() << why_not;
      EXPECT_LE(*apart, 2.01) << net.name();  // two for bilinear resizing, which the runtime does in integers
    } catch (const std::exception& error) {
      ADD_FAILURE() << net.name() << ": " << error.what();
    }
  }
}

TEST(IntegerNetwork, RandomNetworksAgreeWithTheSimulation) {
  Rng rng(79);
  for (int i = 0; i < 20; ++i) {
    const auto net = random_architecture(rng, 16 + below(rng, 33), 16 + below(rng, 80));
    std::string why_not;
    const auto apart = steps_apart(net, static_cast<std::uint64_t>(i), why_not);
    if (!why_not.empty()) GTEST_SKIP() << why_not;
    EXPECT_LE(*apart, 4) << "network " << i;
  }
}

TEST(HalfNetwork, ReferenceNetworksAgreeWithRoundedWeights) {
  for (const char* name : {"mobilenet-v3-small-1.0", "mobilevit-xxs"}) {
    const Architecture net = zoo::zoo_network(name).at_resolution(64);
    const Weights weights = random_weights(net, 3);
    lowering::FileOptions options;
    options.precision = Precision::float16;
    const std::string bytes = onnx_model(net, weights, options);
    EXPECT_LT(bytes.size(), onnx_model(net, weights).size() * 6 / 10);
    const std::vector<float> image = random_image(net.shape(0), 4);
    std::string why_not;
    const auto found = run_model(bytes, net.shape(0), image, why_not);
    if (!found) GTEST_SKIP() << why_not;
    const Folded folded = lowering::deployed(net, weights, options.precision);
    const std::vector<float> expected = libtorch::run_network(folded.architecture, folded.weights, {image})[0];
    double largest = 0;
    for (const float value : expected) largest = std::max(largest, std::abs(static_cast<double>(value)));
    for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_NEAR((*found)[i], expected[i], 1e-4 * largest) << name;
  }
}

}  // namespace
}  // namespace gensynth::onnx
