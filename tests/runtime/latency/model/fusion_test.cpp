#include "runtime/latency/model/fusion.hpp"

#include <gmock/gmock.h>

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

TEST(Fusion, TakesBatchNormAndActivationIntoTheConvolution) {
  const Architecture network = small_network(32, 3);
  EXPECT_EQ(kernels_of(network, usual()).size(), 1 + 2 * 3 + 2u);
  Fusion eager = usual();
  eager.batch_norm = false;
  // With the batch norm in between, the activation stands alone too.
  EXPECT_EQ(kernels_of(network, eager).size(), 3 * (1 + 2 * 3) + 2u);
}

TEST(Fusion, LeavesAnActivationTheRuntimeDoesNotKnow) {
  const Architecture network = small_network(32, 3, 64, true, ActivationKind::hard_swish);
  EXPECT_EQ(kernels_of(network, usual()).size(), 2 * (1 + 2 * 3) + 2u);
}

TEST(Fusion, DoesNotTakeInWhatSomeoneElseReads) {
  ArchitectureBuilder b("shared", Shape{Layout::map, 16, 8, 8});
  const int convolution = b.add(Convolution{.out_channels = 16}, b.input());
  const int activation = b.add(Activation{}, convolution);
  const Architecture network = b.build(b.add(Add{}, {convolution, activation}));
  EXPECT_EQ(kernels_of(network, usual()).size(), 3u);
}

TEST(Fusion, DoesNotFoldABatchNormWhoseInputSomeoneElseReads) {
  ArchitectureBuilder b("shared", Shape{Layout::map, 16, 8, 8});
  const int convolution = b.add(Convolution{.out_channels = 16}, b.input());
  const int norm = b.add(BatchNorm{}, convolution);
  const Architecture network = b.build(b.add(Add{}, {convolution, norm}));
  EXPECT_EQ(kernels_of(network, usual()).size(), 3u);
}

TEST(Fusion, ReadsOnlyTheOtherOperandOfAFusedSum) {
  ArchitectureBuilder b("residual", Shape{Layout::map, 16, 8, 8});
  const int convolution = b.add(Convolution{.out_channels = 16}, b.input());
  const Architecture network = b.build(b.add(Add{}, {convolution, b.input()}));
  Fusion fusion = usual();
  EXPECT_EQ(kernels_of(network, fusion).back().elements_in, 2 * 16 * 64);
  fusion.add = true;
  EXPECT_EQ(kernels_of(network, fusion).back().elements_in, 16 * 64);
  EXPECT_EQ(kernels_of(network, fusion).back().launches, 0);
}

TEST(Fusion, TellsKernelClassesApart) {
  ArchitectureBuilder b("classes", Shape{Layout::map, 16, 8, 8});
  int v = b.add(Convolution{.out_channels = 32, .kernel = {3, 3}, .padding = {1, 1}}, b.input());
  v = b.add(Convolution{.out_channels = 32, .kernel = {5, 5}, .stride = {2, 2}, .padding = {2, 2}, .groups = 32}, v);
  v = b.add(Convolution{.out_channels = 32, .groups = 4}, v);
  v = b.add(Convolution{.out_channels = 64}, v);
  v = b.add(Convolution{.out_channels = 64, .kernel = {4, 4}}, v);
  v = b.add(Convolution{.out_channels = 10}, v);
  const std::vector<Kernel> kernels = kernels_of(b.build(v), usual());
  std::vector<KernelClass> classes;
  for (const Kernel& kernel : kernels) classes.push_back(kernel.kernel_class);
  EXPECT_THAT(classes, testing::ElementsAre(KernelClass::convolution, KernelClass::depthwise, KernelClass::grouped,
                                            KernelClass::pointwise, KernelClass::linear, KernelClass::linear));
  EXPECT_TRUE(kernels[0].winograd);
  EXPECT_TRUE(kernels[1].strided);
  EXPECT_EQ(kernels[1].taps, 25);
  EXPECT_EQ(kernels[2].reduction, 8);
  EXPECT_EQ(kernels[2].channels, 8);
}

TEST(Fusion, KeepsEveryMacOfTheReferenceNetworks) {
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

TEST(Fusion, VisitsEveryVertexOfRandomNetworksOnce) {
  Rng rng(7);
  for (int i = 0; i < 200; ++i) {
    const Architecture network = RandomArchitecture(rng, 32, 60).build();
    std::vector<int> kernels(static_cast<std::size_t>(network.size()));
    std::vector<int> fused(static_cast<std::size_t>(network.size()));
    walk_kernels(
        FoldedView(network, Form::as_given), usual(),
        [&](int v, const Kernel& k) { kernels[static_cast<std::size_t>(v)] += k.elements_out >= 0; },
        [&](int v, int base) {
          EXPECT_LE(base, v);
          ++fused[static_cast<std::size_t>(v)];
        });
    for (int v = 0; v < network.size(); ++v) {
      const auto at = static_cast<std::size_t>(v);
      EXPECT_NE(kernels[at] > 0, fused[at] > 0) << operator_name(network.op(v));
      EXPECT_LE(fused[at], 1);
    }
  }
}

}  // namespace
}  // namespace gensynth::latency::model
