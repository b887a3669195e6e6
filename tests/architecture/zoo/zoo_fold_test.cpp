#include <gtest/gtest.h>

#include <map>

#include "architecture/cost.hpp"
#include "architecture/hash.hpp"
#include "architecture/rewrite/fold.hpp"
#include "architecture/zoo/zoo.hpp"

namespace gensynth::zoo {
namespace {

/// The number of batch norms that could still be folded, that is, which are the only reader of a convolution.
int foldable_norms(const Architecture& network) {
  int found = 0;
  for (int v = 1; v < network.size(); ++v) {
    const int from = network.input(v, 0);
    found += std::holds_alternative<BatchNorm>(network.op(v)) &&
             std::holds_alternative<Convolution>(network.op(from)) && network.out_degree(from) == 1;
  }
  return found;
}

TEST(ZooFold, LeavesNoNormBehindAConvolution) {
  for (const ZooFacts& facts : zoo_list()) {
    const Architecture network = zoo_network(facts.name);
    const Architecture folded = fold(network);
    EXPECT_EQ(foldable_norms(folded), 0) << facts.name;
    EXPECT_EQ(folded.shape(folded.output()), network.shape(network.output())) << facts.name;
    EXPECT_LE(folded.size(), network.size()) << facts.name;
    EXPECT_LE(cost(folded).params, cost(network).params) << facts.name;
    EXPECT_LE(cost(folded).macs, cost(network).macs) << facts.name;
  }
}

TEST(ZooFold, TrainedMobileOneBecomesTheDeployedOne) {
  EXPECT_TRUE(isomorphic(fold(zoo_network("mobileone-s0-train")), zoo_network("mobileone-s0-reparam")));
  EXPECT_TRUE(isomorphic(fold(zoo_network("mobileone-s1-train")), zoo_network("mobileone-s1-reparam")));
  EXPECT_FALSE(isomorphic(fold(zoo_network("mobileone-s1-train")), zoo_network("mobileone-s0-reparam")));
}

TEST(ZooFold, HashesOfTheNetworksDiffer) {
  std::map<Hash128, std::string> seen;
  for (const ZooFacts& facts : zoo_list()) {
    const auto [first, fresh] = seen.emplace(canonical_hash(zoo_network(facts.name)), facts.name);
    // Two published entries are one sub-network, timed on two phones.
    EXPECT_EQ(fresh, facts.name != "ofa-lg-24") << facts.name << " equals " << first->second;
  }
  EXPECT_EQ(canonical_hash(zoo_network("ofa-pixel1-58")), canonical_hash(zoo_network("ofa-lg-24")));
}

}  // namespace
}  // namespace gensynth::zoo
