#include "runtime/latency/kernel_time.hpp"

#include <gtest/gtest.h>

namespace gensynth {
namespace {

Kernel depthwise(int channels, int extent) {
  Convolution op;
  op.kernel = {3, 3};
  op.padding = {1, 1};
  op.out_channels = op.groups = channels;
  const Shape shape{Layout::map, channels, extent, extent};
  return detail::convolution_kernel(op, shape, shape);
}

TEST(KernelTime, GroupsStartedOneByOneCostTheirOverheadEach) {
  const Device& device = built_in_device("cortex-a72");
  const RuntimeData& runtime = device.runtimes.at("libtorch-native");
  const PrecisionData& data = runtime.precisions.at("fp32");
  const double overhead = get(data.parameters, Parameter::group_overhead);
  ASSERT_GT(overhead, 1000);
  // The same outputs and taps from 64 channels and from 16.
  const KernelTimer timer(data.parameters, runtime.traits(data), device.hardware(), 1, 1.5);
  const double more = timer(depthwise(64, 28)).compute - timer(depthwise(16, 56)).compute;
  EXPECT_NEAR(more, 48 * overhead / 1.5e6, 1e-9);
  // One by one: threads do not help.
  const KernelTimer threads(data.parameters, runtime.traits(data), device.hardware(), 4, 1.5);
  EXPECT_DOUBLE_EQ(threads(depthwise(64, 28)).compute, timer(depthwise(64, 28)).compute);
}

TEST(KernelTime, WinogradLosesOnSmallMapsAndFewChannels) {
  const Device& device = built_in_device("cortex-a72");
  const RuntimeData& runtime = device.runtimes.at("ncnn");
  PrecisionData data = runtime.precisions.at("fp32");
  ASSERT_GT(get(data.parameters, Parameter::winograd_gain), 1.5);
  const auto rate = [&](int channels, int extent) {
    Convolution op;
    op.kernel = {3, 3};
    op.padding = {1, 1};
    op.out_channels = channels;
    const Shape shape{Layout::map, channels, extent, extent};
    const Kernel kernel = detail::convolution_kernel(op, shape, shape);
    const KernelTimer timer(data.parameters, runtime.traits(data), device.hardware(), 1, 1.5);
    return kernel.macs / timer(kernel).compute;
  };
  const double small_map = rate(256, 7) / rate(256, 56);
  const double few_channels = rate(16, 28) / rate(128, 28);
  data.parameters[static_cast<std::size_t>(Parameter::winograd_gain)] = 1;
  EXPECT_LT(small_map, rate(256, 7) / rate(256, 56));
  EXPECT_LT(few_channels, rate(16, 28) / rate(128, 28));
}

TEST(KernelTime, OtherRuntimesDoNotPayForGroups) {
  const Device& device = built_in_device("cortex-a72");
  for (const char* name : {"ncnn", "tflite-ruy", "libtorch-onednn"}) {
    const RuntimeData& runtime = device.runtimes.at(name);
    const PrecisionData& data = runtime.precisions.at("fp32");
    const KernelTimer timer(data.parameters, runtime.traits(data), device.hardware(), 1, 1.5);
    const double many = timer(depthwise(64, 28)).compute;
    EXPECT_NEAR(timer(depthwise(16, 56)).compute / many, 1, 1e-4) << name;
  }
}

}  // namespace
}  // namespace gensynth
