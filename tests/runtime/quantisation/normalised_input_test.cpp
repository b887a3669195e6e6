#include "runtime/quantisation/normalised_input.hpp"

#include <gtest/gtest.h>

#include "runtime/torch/run_rounded.hpp"
#include "tests/architecture/operator_networks.hpp"

namespace gensynth::quantisation {
namespace {

TEST(NormalisedInput, ComputesTheSameFromImagesThatAreNotNormalised) {
  ArchitectureBuilder b("net", {Layout::map, 3, 5, 5});
  const int conv = b.add(Convolution{.out_channels = 4, .kernel = {3, 3}, .padding = {1, 1}}, 0, {}, "normalisation");
  const Architecture net = b.build(conv);
  const Weights weights = random_weights(net, 1);
  const std::vector<float> factor{4, 5, 6};
  const std::vector<float> shift{-2, -1, 1};
  const Prepared prepared = with_normalisation(net, weights, factor, shift);
  EXPECT_EQ(prepared.network[1].id, "normalisation_of_images");  // the other name is taken
  const std::vector<float> image = random_image(net.shape(0), 2);
  std::vector<float> normalised = image;
  for (std::size_t i = 0; i < image.size(); ++i) normalised[i] = image[i] * factor[i / 25] + shift[i / 25];
  const std::vector<float> expected = libtorch::RoundedNetwork(net, weights).run(normalised);
  const std::vector<float> found = libtorch::RoundedNetwork(prepared.network, prepared.weights).run(image);
  for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_NEAR(found[i], expected[i], 1e-4);
}

}  // namespace
}  // namespace gensynth::quantisation
