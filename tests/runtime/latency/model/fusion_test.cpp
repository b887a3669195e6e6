#include "runtime/latency/model/fusion.hpp"

#include <gtest/gtest.h>

#include "runtime/latency/model/kernel_walk.hpp"
#include "tests/runtime/latency/networks.hpp"

namespace gensynth::latency::model {
namespace {

Fusion usual() {
  Fusion fusion;
  fusion.activations[static_cast<std::size_t>(ActivationKind::relu)] = true;
  return fusion;
}

TEST(Fusion, TakesBatchNormAndActivationIntoTheConvolution) {
  const Architecture network = small_network(32, 3);
  EXPECT_EQ(kernels_of(network, usual()).size(), 1 + 2 * 3 + 2u);
  Fusion eager = usual();
  eager.batch_norm = false;
  // With the batch norm in between, the activation is a kernel of its own, too.
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

TEST(Fusion, MergesAnActivationIntoASumWhereTheRuntimeDoes) {
  ArchitectureBuilder b("residual", Shape{Layout::map, 16, 8, 8});
  const int convolution = b.add(Convolution{.out_channels = 16}, b.input());
  const Architecture network = b.build(b.add(Activation{}, b.add(Add{}, {convolution, b.input()})));
  Fusion fusion = usual();
  EXPECT_EQ(kernels_of(network, fusion).size(), 3u);
  fusion.after_elementwise = true;
  EXPECT_EQ(kernels_of(network, fusion).size(), 2u);
  fusion.after_elementwise = false;
  fusion.add = true;  // inside the convolution, which takes the activation too
  EXPECT_EQ(kernels_of(network, fusion).size(), 2u);
}

}  // namespace
}  // namespace gensynth::latency::model
