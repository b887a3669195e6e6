#include "inquisitor/surrogate/nearest_genotype.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "architecture/hash.hpp"
#include "architecture/rewrite/proxy_network.hpp"
#include "architecture/zoo/nas_bench_201.hpp"
#include "architecture/zoo/zoo.hpp"
#include "generator/make_space.hpp"

namespace gensynth::surrogate {
namespace {

TEST(NearestGenotype, IsTheNetworkItselfWhereTheSpaceHasIt) {
  const auto space = generator::make_space({{"kind", "nasbench201"}}, "test", "");
  for (const std::uint64_t seed : {1, 2, 3, 4}) {
    Rng draw(seed);
    const Architecture network = space->build(space->sample(draw));
    Rng rng(seed);
    const NearestGenotype found = nearest_genotype(*space, network, rng);
    EXPECT_TRUE(found.exact) << seed;
    EXPECT_TRUE(isomorphic(space->build(found.genotype), network)) << seed;
    EXPECT_NEAR(found.distance, 0, 1e-6);
  }
}

TEST(NearestGenotype, IsNearerToAForeignNetworkThanRandomOnes) {
  const auto space =
      generator::make_space({{"kind", "columnar"}, {"px", 64}, {"classes", 100}, {"max_columns", 2}}, "test", "");
  const Architecture network = proxy_network(zoo::zoo_network("mobilenet-v2-0.35"), 64, 100);
  NearestOptions options;
  options.max_evaluations = 600;
  Rng rng(1), same(1), unmoved(1);
  const NearestGenotype found = nearest_genotype(*space, network, rng, options);
  EXPECT_FALSE(found.exact);
  EXPECT_GT(found.distance, 0);
  EXPECT_TRUE(space->contains(found.genotype));
  EXPECT_EQ(nearest_genotype(*space, network, same, options).genotype, found.genotype) << "deterministic";
  options.max_evaluations = 0;  // the best of the samples
  const NearestGenotype sampled = nearest_genotype(*space, network, unmoved, options);
  EXPECT_LT(found.distance, 0.8 * sampled.distance);
  EXPECT_LT(sampled.distance, sampled.random_median_distance);
}

TEST(NearestGenotype, FindsColumnarNetworksOrOnesVeryLikeThem) {
  const auto space = generator::make_space(
      {{"kind", "columnar"}, {"px", 32}, {"max_stages", 3}, {"max_columns", 2}, {"depths", {1}}}, "test", "");
  int alike = 0;
  for (const std::uint64_t seed : {5, 6, 7, 8}) {
    Rng draw(seed);
    const Architecture network = space->build(space->sample(draw));
    Rng rng(2);
    const NearestGenotype found = nearest_genotype(*space, network, rng);
    alike += found.distance < 0.1 ? 1 : 0;
    EXPECT_LT(found.distance, 0.5 * found.random_median_distance) << seed;
    EXPECT_EQ(found.exact, isomorphic(space->build(found.genotype), network)) << seed;
  }
  EXPECT_GE(alike, 3);
}

}  // namespace
}  // namespace gensynth::surrogate
