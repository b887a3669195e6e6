#include "runtime/latency/model/kernel_walk.hpp"

#include <gtest/gtest.h>

#include <numeric>

#include "architecture/cost.hpp"
#include "architecture/zoo/zoo.hpp"
#include "tests/architecture/random_architecture.hpp"
#include "tests/runtime/latency/networks.hpp"

namespace gensynth::latency::model {
namespace {

Fusion usual() {
  Fusion fusion;
  fusion.activations[static_cast<std::size_t>(ActivationKind::relu)] = true;
  return fusion;
}

double total_macs(const std::vector<Kernel>& kernels) {
  return std::accumulate(kernels.begin(), kernels.end(), 0.0, [](double sum, const Kernel& k) { return sum + k.macs; });
}

TEST(KernelWalk, NamesTheVertexWhoseKernelRunsAMergedOne) {
  const Architecture network = small_network(32, 1);  // convolution, batch norm, activation, ...
  const FoldedView view(network, Form::as_given);
  const Fusion fusion = usual();
  KernelWalk walk(view, fusion);
  std::vector<int> bases;
  std::vector<std::size_t> counts;
  while (walk.next() && bases.size() < 5) {
    bases.push_back(walk.base());
    counts.push_back(walk.kernels().size());
  }
  EXPECT_EQ(bases, (std::vector<int>{0, 1, 1, 1, 4}));
  EXPECT_EQ(counts, (std::vector<std::size_t>{0, 1, 0, 0, 1}));
}

TEST(KernelWalk, LeavesOutWhatFoldingRemoved) {
  const Architecture network = small_network(32, 1);
  const FoldedView view(network);
  const Fusion fusion = usual();
  for (KernelWalk walk(view, fusion); walk.next();) EXPECT_FALSE(view.is_folded(walk.vertex()));
}

TEST(KernelWalk, KeepsEveryMacOfTheReferenceNetworks) {
  for (const zoo::ZooFacts& facts : zoo::zoo_list()) {
    const Architecture network = zoo::zoo_network(facts.name);
    double counted = static_cast<double>(cost(network).macs);
    for (int v = 0; v < network.size(); ++v) {
      // Depends on the extent alone, so that an exported network holds it as a constant.
      if (!std::holds_alternative<PositionalEncoding>(network.op(v))) continue;
      counted -= static_cast<double>(vertex_cost(network, v).macs);
    }
    EXPECT_NEAR(total_macs(kernels_of(network, usual())), counted, 1e-9 * counted) << facts.name;
  }
}

TEST(KernelWalk, VisitsEveryVertexOfRandomNetworksOnce) {
  Rng rng(7);
  for (int i = 0; i < 200; ++i) {
    const Architecture network = RandomArchitecture(rng, 32, 60).build();
    std::vector<int> kernels(static_cast<std::size_t>(network.size()));
    std::vector<int> fused(static_cast<std::size_t>(network.size()));
    const FoldedView view(network, Form::as_given);
    const Fusion fusion = usual();
    for (KernelWalk walk(view, fusion); walk.next();) {
      const auto at = static_cast<std::size_t>(walk.vertex());
      EXPECT_LE(walk.base(), walk.vertex());
      kernels[at] += static_cast<int>(walk.kernels().size());
      fused[at] += walk.kernels().empty();
    }
    for (int v = 0; v < network.size(); ++v) {
      const auto at = static_cast<std::size_t>(v);
      EXPECT_NE(kernels[at] > 0, fused[at] > 0) << operator_name(network.op(v));
      EXPECT_LE(fused[at], 1);
    }
  }
}

}  // namespace
}  // namespace gensynth::latency::model
