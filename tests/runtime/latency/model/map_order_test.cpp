#include "runtime/latency/model/map_order.hpp"

#include <gmock/gmock.h>

#include "architecture/base/random.hpp"
#include "runtime/latency/devices/device.hpp"
#include "runtime/latency/model/kernel_time.hpp"
#include "runtime/latency/model/kernel_walk.hpp"
#include "tests/architecture/random_architecture.hpp"

namespace gensynth::latency::model {
namespace {

Fusion blocked() {
  Fusion fusion;
  fusion.activations.fill(true);
  fusion.channel_block = 16;
  return fusion;
}

class Chain {
 public:
  explicit Chain(int channels) : builder_("chain", Shape{Layout::map, channels, 28, 28}) {}
  Chain& convolve(int out, int kernel = 3, int groups = 1) {
    return add(Convolution{out, {kernel, kernel}, {1, 1}, {kernel / 2, kernel / 2}, {1, 1}, groups, true});
  }
  Chain& add(const Operator& op) {
    at_ = builder_.add(op, at_);
    return *this;
  }
  /// Channels of the maps that are converted to the other order.
  std::vector<int> copies() {
    const Architecture network = builder_.build(at_);
    std::vector<int> channels;
    for (const Kernel& kernel : kernels_of(network, blocked())) {
      if (kernel.kernel_class != KernelClass::copy) continue;
      channels.push_back(static_cast<int>(kernel.elements_in / (28 * 28)));
    }
    return channels;
  }

 private:
  ArchitectureBuilder builder_;
  int at_ = 0;
};

using testing::ElementsAre;
using testing::IsEmpty;

TEST(MapOrder, ConvolutionsPassBlocksOn) {
  EXPECT_THAT(Chain(3).convolve(32).add(Activation{ActivationKind::relu}).convolve(32).convolve(32, 3, 32).copies(),
              IsEmpty());
  EXPECT_THAT(Chain(32).convolve(48).convolve(32).copies(), ElementsAre(32));
}

TEST(MapOrder, NarrowGroupsAreComputedOnPlainMaps) {
  EXPECT_THAT(Chain(3).convolve(48).convolve(48, 3, 4).convolve(64).copies(), ElementsAre(48, 48));
  EXPECT_THAT(Chain(3).convolve(64).convolve(64, 3, 4).convolve(48).copies(), IsEmpty());
}

TEST(MapOrder, FewerChannelsThanABlockAreReadFromPlainMaps) {
  EXPECT_THAT(Chain(8).convolve(8).convolve(24).copies(), ElementsAre(8));
}

TEST(MapOrder, PoolingWantsWholeBlocks) {
  const Pool pool{PoolKind::max, {3, 3}, {1, 1}, {1, 1}};
  EXPECT_THAT(Chain(3).convolve(32).add(pool).convolve(32).copies(), IsEmpty());
  EXPECT_THAT(Chain(3).convolve(24).add(pool).convolve(32).copies(), ElementsAre(24, 24));
}

TEST(MapOrder, AMapIsBroughtIntoAnOrderOnce) {
  ArchitectureBuilder b("fan", Shape{Layout::map, 3, 28, 28});
  const int v = b.add(Convolution{32, {3, 3}, {1, 1}, {1, 1}}, 0);
  const int left = b.add(ChannelShuffle{2}, v);
  const int right = b.add(ChannelShuffle{4}, v);
  const Architecture network = b.build(b.add(Add{}, {left, right}));
  int copies = 0;
  for (const Kernel& kernel : kernels_of(network, blocked())) copies += kernel.kernel_class == KernelClass::copy;
  EXPECT_EQ(copies, 1);
}

TEST(MapOrder, RuntimesWithoutBlocksCopyNothing) {
  Fusion plain = blocked();
  plain.channel_block = 1;
  Rng rng(5);
  for (int trial = 0; trial < 50; ++trial) {
    const Architecture network = random_architecture(rng, 32, 40);
    const auto without = kernels_of(network, plain);
    const auto with = kernels_of(network, blocked());
    std::size_t copies = 0;
    double macs = 0;
    for (const Kernel& kernel : without) {
      EXPECT_FALSE(kernel.plain);
      macs += kernel.macs;
    }
    for (const Kernel& kernel : with) {
      copies += kernel.kernel_class == KernelClass::copy;
      macs -= kernel.macs;
    }
    for (const Kernel& kernel : without) copies -= kernel.kernel_class == KernelClass::copy;
    EXPECT_EQ(with.size(), without.size() + copies) << trial;
    EXPECT_NEAR(macs, 0, 1e-3) << trial;
  }
}

/// One runtime with every optional cost, on a core of 1 GHz.
KernelTime time_of(const Kernel& kernel) {
  const latency::devices::PrecisionData& data =
      latency::devices::built_in_device("cortex-a72").runtimes.at("onnxruntime").precisions.at(Precision::float32);
  RuntimeTraits traits{4, 16, 16, {}};
  const Hardware hardware{1, 4, 1, 1 << 20};
  return KernelCostModel(data.parameters, traits, hardware, 1, 1)(kernel);
}

TEST(MapOrder, PlainKernelsOfABlockedRuntimeCostMore) {
  Kernel pool;
  pool.kernel_class = KernelClass::pool;
  pool.groups = 32;
  pool.operations = 1e6;
  Kernel grouped;
  grouped.kernel_class = KernelClass::grouped;
  grouped.groups = 4;
  grouped.reduction = 72;
  grouped.channels = 8;
  grouped.pixels = 196;
  grouped.macs = 4.0 * 72 * 8 * 196;
  const double blocks = time_of(pool).compute;
  pool.plain = true;
  EXPECT_GT(time_of(pool).compute, 1.5 * blocks);
  const double one_call = time_of(grouped).overhead;
  grouped.plain = true;
  EXPECT_DOUBLE_EQ(time_of(grouped).overhead, 4 * one_call);
  const double unstrided = time_of(grouped).memory;
  grouped.strided = true;
  EXPECT_GT(time_of(grouped).memory, unstrided);
  Kernel depthwise;
  depthwise.kernel_class = KernelClass::depthwise;
  depthwise.taps = 9;
  depthwise.groups = 24;
  depthwise.elements_out = 24 * 196;
  const double padded = time_of(depthwise).compute;
  depthwise.groups = 32;
  EXPECT_NEAR(padded / (time_of(depthwise).compute * 32 / 24), 1, 1e-3);
  Kernel resize;
  resize.kernel_class = KernelClass::resize;
  resize.operations = resize.elements_out = 1e5;
  const double whole = time_of(resize).total;
  resize.gathered = true;
  EXPECT_GT(time_of(resize).total, 2 * whole);
}

}  // namespace
}  // namespace gensynth::latency::model
