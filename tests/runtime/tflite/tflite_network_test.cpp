// Every operator, random networks and reference networks: the written file in LiteRT against LibTorch.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "architecture/zoo/zoo.hpp"
#include "runtime/lowering/deployed.hpp"
#include "runtime/tflite/verify.hpp"
#include "runtime/tflite/writer.hpp"
#include "runtime/torch/run_network.hpp"
#include "tests/architecture/operator_networks.hpp"
#include "tests/architecture/random_architecture.hpp"

namespace gensynth::tflite {
namespace {

/// The images of a batch in one array, which is the file's input.
template <class T>
std::vector<std::vector<T>> joined(const std::vector<std::vector<T>>& images) {
  std::vector<T> all;
  for (const auto& image : images) all.insert(all.end(), image.begin(), image.end());
  return {all};
}

/// Empty when they agree to 1e-4 of the largest value.
std::string compare(const std::vector<float>& found, const std::vector<float>& expected) {
  if (found.size() != expected.size()) {
    return std::to_string(found.size()) + " values, expected " + std::to_string(expected.size());
  }
  double largest = 0;
  double apart = 0;
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (!std::isfinite(expected[i])) return "not finite in LibTorch";
    largest = std::max(largest, std::abs(static_cast<double>(expected[i])));
    const double difference = std::abs(static_cast<double>(expected[i]) - found[i]);
    if (!(difference <= apart)) apart = difference;  // NaN counts as a difference
  }
  if (largest == 0) return "all zero in LibTorch, which tests nothing";
  return apart <= 1e-4 * largest ? ""
                                 : std::to_string(apart) + " apart at most, largest value " + std::to_string(largest);
}

/// Empty if both agree, or if LiteRT is not installed (`why_not` then gives the reason).
std::string difference(const Architecture& net, std::uint64_t seed, std::string& why_not, Options options = {}) {
  const Weights weights = random_weights(net, seed);
  const Shape& in = net.shape(net.input());
  const Shape& out = net.shape(net.output());
  std::vector<std::vector<float>> seen;  // by the network
  std::vector<std::vector<float>> images;
  std::vector<std::vector<std::uint8_t>> bytes;
  Rng rng(seed + 1);
  for (int i = 0; i < options.batch; ++i) {
    seen.push_back(random_image(in, seed + 1 + static_cast<std::uint64_t>(i)));
    if (options.input == ImageInput::normalised) {
      images.push_back(channels_last(seen.back(), in));
      continue;
    }
    std::vector<float> unit;
    for (std::int64_t j = 0; j < in.elements(); ++j) unit.push_back(static_cast<float>(below(rng, 256)) / 255.0F);
    const auto places = static_cast<std::size_t>(in.height) * static_cast<std::size_t>(in.width);
    for (std::size_t j = 0; j < unit.size(); ++j) {
      seen.back()[j] = (unit[j] - options.mean[j / places]) / options.deviation[j / places];
    }
    images.push_back(channels_last(unit, in));
    bytes.emplace_back();
    for (const float value : images.back()) bytes.back().push_back(static_cast<std::uint8_t>(std::lround(value * 255)));
  }
  const std::string path = testing::TempDir() + "tflite_network_test_" + std::to_string(getpid()) + ".tflite";
  write(net, weights, path, options);
  const auto result =
      options.input == ImageInput::uint8 ? run(path, joined(bytes), why_not) : run(path, joined(images), why_not);
  std::filesystem::remove(path);
  if (!result) return "";
  const Folded folded = lowering::deployed(net, weights, options.precision);
  std::vector<std::vector<float>> expected = libtorch::run_network(folded.architecture, folded.weights, seen);
  for (auto& values : expected) values = channels_last(values, out);
  return compare(result->outputs[0], joined(expected)[0]);
}

TEST(TfliteNetwork, EveryOperatorAgreesWithLibTorch) {
  for (const auto& net : operator_networks()) {
    std::string why_not;
    try {
      EXPECT_EQ(difference(net, 7, why_not), "") << net.name();
    } catch (const std::exception& error) {
      ADD_FAILURE() << net.name() << ": " << error.what();
    }
    if (!why_not.empty()) GTEST_SKIP() << why_not;
  }
}

TEST(TfliteNetwork, RandomNetworksAgreeWithLibTorch) {
  Rng rng(78);
  for (int i = 0; i < 40; ++i) {
    const auto net = random_architecture(rng, 16 + below(rng, 33), 16 + below(rng, 80));
    std::string why_not;
    Options options;
    options.batch = 1 + i % 3;
    if (i % 4 == 3) options.precision = Precision::float16;
    EXPECT_EQ(difference(net, static_cast<std::uint64_t>(i), why_not, options), "") << "network " << i;
    if (!why_not.empty()) GTEST_SKIP() << why_not;
  }
}

TEST(TfliteNetwork, ReferenceNetworksAgreeWithLibTorch) {
  for (const char* name : {"mobilenet-v3-small-1.0", "mobilevit-xxs", "edgenext-xxs", "mobileone-s0-train"}) {
    for (const Precision precision : {Precision::float32, Precision::float16}) {
      Options options;
      options.precision = precision;
      std::string why_not;
      EXPECT_EQ(difference(zoo::zoo_network(name).at_resolution(64), 3, why_not, options), "")
          << name << " " << to_string(precision);
      if (!why_not.empty()) GTEST_SKIP() << why_not;
    }
  }
}

TEST(TfliteNetwork, ReportsOperatorsThatXnnpackDoesNotTake) {
  ArchitectureBuilder b("padded", {Layout::map, 2, 8, 8});
  const auto net = b.build(b.add(Pool{PoolKind::max, {3, 3}, {2, 2}, {1, 1}}, 0));  // PADV2
  const std::string path = testing::TempDir() + "tflite_network_test_" + std::to_string(getpid()) + ".tflite";
  write(net, {}, path);
  std::string why_not;
  const auto result = run(path, std::vector<std::vector<float>>{random_image({Layout::map, 2, 8, 8}, 1)}, why_not);
  std::filesystem::remove(path);
  if (!result) GTEST_SKIP() << why_not;
  EXPECT_FALSE(result->accelerated);
}

TEST(TfliteNetwork, NormalisesTheImageItself) {
  for (const ImageInput input : {ImageInput::unit, ImageInput::uint8}) {
    for (const int batch : {1, 2}) {
      Options options;
      options.batch = batch;
      options.input = input;
      options.mean = {0.5F, 0.4F, 0.3F};
      options.deviation = {0.2F, 0.25F, 0.3F};
      std::string why_not;
      EXPECT_EQ(difference(zoo::zoo_network("mobilenet-v2-1").at_resolution(64), 3, why_not, options), "")
          << to_string(input) << " " << batch;
      if (!why_not.empty()) GTEST_SKIP() << why_not;
    }
  }
}

}  // namespace
}  // namespace gensynth::tflite
