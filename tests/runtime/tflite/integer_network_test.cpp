// Networks in 8-bit integers: the written file in LiteRT against the simulation in LibTorch.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "architecture/zoo/zoo.hpp"
#include "runtime/tflite/verify.hpp"
#include "runtime/tflite/writer.hpp"
#include "tests/architecture/operator_networks.hpp"
#include "tests/architecture/random_architecture.hpp"
#include "tests/runtime/quantisation/quantised.hpp"

namespace gensynth::tflite {
namespace {

/// The largest difference between LiteRT and the simulation, in steps of the output; nothing without the runtime.
std::optional<double> steps_apart(const Architecture& net, std::uint64_t seed, std::string& why_not) {
  const quantisation::QuantisedNetwork quantised = testing::quantised_network(net, seed);
  const Shape& in = net.shape(0);
  const std::string path = ::testing::TempDir() + "integer_network_test_" + std::to_string(getpid()) + ".tflite";
  Options options;
  options.precision = Precision::int8;
  write_file_atomically(path, model(quantised, options));
  const std::vector<float> image = random_image(in, seed + 1);
  const auto found = run(path, std::vector<std::vector<float>>{channels_last(image, in)}, why_not);
  std::filesystem::remove(path);
  if (!found) return std::nullopt;
  return testing::steps_apart(quantised, image, channels_first(found->outputs[0], net.shape(net.output())));
}

TEST(IntegerNetwork, EveryOperatorAgreesWithTheSimulation) {
  for (const auto& net : operator_networks()) {
    std::string why_not;
    try {
      const auto apart = steps_apart(net, 7, why_not);
      if (!why_not.empty()) GTEST_SKIP() << why_not;
      EXPECT_LE(*apart, 2.01) << net.name();
    } catch (const std::exception& error) {
      ADD_FAILURE() << net.name() << ": " << error.what();
    }
  }
}

TEST(IntegerNetwork, RandomNetworksAgreeWithTheSimulation) {
  Rng rng(79);
  for (int i = 0; i < 8; ++i) {
    const auto net = random_architecture(rng, 16 + below(rng, 33), 16 + below(rng, 80));
    std::string why_not;
    const auto apart = steps_apart(net, static_cast<std::uint64_t>(i), why_not);
    if (!why_not.empty()) GTEST_SKIP() << why_not;
    EXPECT_LE(*apart, 4) << "network " << i;
  }
}

}  // namespace
}  // namespace gensynth::tflite
