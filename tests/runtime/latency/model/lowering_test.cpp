#include "runtime/latency/model/lowering.hpp"

#include <gmock/gmock.h>

#include "runtime/latency/model/kernel_walk.hpp"

namespace gensynth::latency::model {
namespace {

using testing::ElementsAre;

/// The kernels of one operator on one input.
std::vector<Kernel> lowered(const Operator& op, const Shape& in, const Shape& out, const Fusion& fusion = {}) {
  const auto elements_in = static_cast<double>(in.elements());
  std::vector<Kernel> kernels;
  lower(op, {in, out, 1, elements_in, static_cast<double>(out.elements()), elements_in}, fusion, kernels);
  return kernels;
}

std::vector<KernelClass> classes_of(const std::vector<Kernel>& kernels) {
  std::vector<KernelClass> classes;
  for (const Kernel& kernel : kernels) classes.push_back(kernel.kernel_class);
  return classes;
}

TEST(Lowering, TellsKernelClassesApart) {
  ArchitectureBuilder b("classes", Shape{Layout::map, 16, 8, 8});
  int v = b.add(Convolution{.out_channels = 32, .kernel = {3, 3}, .padding = {1, 1}}, b.input());
  v = b.add(Convolution{.out_channels = 32, .kernel = {5, 5}, .stride = {2, 2}, .padding = {2, 2}, .groups = 32}, v);
  v = b.add(Convolution{.out_channels = 32, .groups = 4}, v);
  v = b.add(Convolution{.out_channels = 64}, v);
  v = b.add(Convolution{.out_channels = 64, .kernel = {4, 4}}, v);
  v = b.add(Convolution{.out_channels = 10}, v);
  const std::vector<Kernel> kernels = kernels_of(b.build(v), Fusion{});
  EXPECT_THAT(classes_of(kernels), ElementsAre(KernelClass::convolution, KernelClass::depthwise, KernelClass::grouped,
                                               KernelClass::pointwise, KernelClass::linear, KernelClass::linear));
  EXPECT_TRUE(kernels[0].winograd);
  EXPECT_TRUE(kernels[1].strided);
  EXPECT_EQ(kernels[1].taps, 25);
  EXPECT_EQ(kernels[2].reduction, 8);
  EXPECT_EQ(kernels[2].channels, 8);
}

TEST(Lowering, AttentionProjectsMultipliesAndProjects) {
  const Shape tokens{Layout::tokens, 96, 2, 49};  // 2 sets of 49 tokens of 96 channels
  const std::vector<Kernel> self = lowered(MultiHeadAttention{.heads = 3}, tokens, tokens);
  EXPECT_THAT(classes_of(self), ElementsAre(KernelClass::pointwise, KernelClass::matmul, KernelClass::softmax,
                                            KernelClass::matmul, KernelClass::pointwise));
  EXPECT_EQ(self[0].macs, 98.0 * 96 * 288);
  EXPECT_EQ(self[1].macs, 2.0 * 3 * 49 * 32 * 49);
  EXPECT_EQ(self[2].elements_out, 2.0 * 3 * 49 * 49);
  EXPECT_TRUE(self[2].slow_math);

  const std::vector<Kernel> cross = lowered(CrossCovarianceAttention{.heads = 3}, tokens, tokens);
  ASSERT_EQ(cross.size(), 6u);
  EXPECT_EQ(cross[1].kernel_class, KernelClass::normalisation);
  EXPECT_EQ(cross[2].macs, 2.0 * 3 * 32 * 49 * 32);
}

TEST(Lowering, RuntimesComposeWhatTheyHaveNoKernelFor) {
  const Shape map{Layout::map, 8, 4, 4};
  Fusion fusion;
  EXPECT_EQ(lowered(Activation{ActivationKind::silu}, map, map, fusion).size(), 1u);
  EXPECT_EQ(lowered(BlurPool{}, map, map, fusion).size(), 1u);
  fusion.composed[static_cast<std::size_t>(ActivationKind::silu)] = true;
  fusion.blur_as_pad_and_depthwise = true;
  EXPECT_THAT(classes_of(lowered(Activation{ActivationKind::silu}, map, map, fusion)),
              ElementsAre(KernelClass::activation, KernelClass::multiply));
  EXPECT_THAT(classes_of(lowered(BlurPool{}, map, map, fusion)), ElementsAre(KernelClass::copy, KernelClass::blur));
}

TEST(Lowering, AppendsToTheKernelsGiven) {
  const Shape map{Layout::map, 8, 4, 4};
  std::vector<Kernel> kernels(1);
  lower(Pool{}, {map, map, 1, 128, 128, 128}, Fusion{}, kernels);
  EXPECT_EQ(kernels.size(), 2u);
  lower(Input{}, {map, map, 0, 128, 128, 0}, Fusion{}, kernels);
  EXPECT_EQ(kernels.size(), 2u);
}

}  // namespace
}  // namespace gensynth::latency::model
