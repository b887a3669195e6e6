#include "search/simulation/graph_statistics.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "tests/architecture/graph_draft.hpp"
#include "tests/architecture/random_architecture.hpp"

namespace gensynth::simulation {
namespace {

TEST(GraphStatistics, AreFiniteAndThoseOfTheGraphNotOfItsNumbering) {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    Rng rng(seed);
    const Architecture net = random_architecture(rng, 16, 20 + static_cast<int>(seed));
    const std::vector<float> statistics = graph_statistics(net);
    const std::vector<float> again = graph_statistics(disguised(net, rng));
    ASSERT_EQ(statistics.size(), again.size());
    for (std::size_t i = 0; i < statistics.size(); ++i) {
      ASSERT_TRUE(std::isfinite(statistics[i])) << seed << ": " << i;
      EXPECT_NEAR(statistics[i], again[i], 1e-3 * (1 + std::abs(statistics[i]))) << seed << ": " << i;
    }
  }
}

TEST(GraphStatistics, AreEquallyManyAndDifferentForDifferentNetworks) {
  std::set<std::vector<float>> known;
  std::size_t size = 0;
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    Rng rng(seed);
    const std::vector<float> statistics = graph_statistics(random_architecture(rng, 16, 40));
    if (seed == 0) size = statistics.size();
    EXPECT_EQ(statistics.size(), size);
    known.insert(statistics);
  }
  EXPECT_EQ(known.size(), 30U);
}

/// A convolution and what reads it, once in a row and once side by side.
TEST(GraphStatistics, SeeAColumnBesideAnother) {
  const auto statistics = [](bool beside) {
    ArchitectureBuilder builder("net", Shape{Layout::map, 8, 16, 16});
    const Convolution convolution{.out_channels = 8, .kernel = {3, 3}, .padding = {1, 1}};
    const int a = builder.add(convolution, builder.input());
    const int b = builder.add(convolution, beside ? builder.input() : a);
    return graph_statistics(builder.build(builder.add(Add{}, {a, b})));
  };
  EXPECT_NE(statistics(false), statistics(true));
}

}  // namespace
}  // namespace gensynth::simulation
