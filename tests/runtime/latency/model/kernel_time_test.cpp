#include "runtime/latency/model/kernel_time.hpp"

#include <gtest/gtest.h>

#include "runtime/latency/devices/device.hpp"
#include "runtime/latency/model/lowering.hpp"

namespace gensynth::latency::model {
namespace {

Kernel depthwise(int channels, int extent) {
  Convolution op;
  op.kernel = {3, 3};
  op.padding = {1, 1};
  op.out_channels = op.groups = channels;
  const Shape shape{Layout::map, channels, extent, extent};
  return convolution_kernel(op, shape, shape);
}

TEST(KernelTime, GroupsStartedOneByOneCostTheirOverheadEach) {
  const latency::devices::Device& device = latency::devices::built_in_device("cortex-a72");
  const latency::devices::RuntimeData& runtime = device.runtimes.at("libtorch-native");
  const latency::devices::PrecisionData& data = runtime.precisions.at(Precision::float32);
  const double overhead = get(data.parameters, Parameter::group_overhead);
  ASSERT_GT(overhead, 1000);
  // The same outputs and taps from 64 channels and from 16.
  const KernelCostModel timer(data.parameters, runtime.traits(data), device.hardware(), 1, 1.5);
  const double more = timer(depthwise(64, 28)).compute - timer(depthwise(16, 56)).compute;
  EXPECT_NEAR(more, 48 * overhead / 1.5e6, 1e-9);
  // One by one: threads do not help.
  const KernelCostModel threads(data.parameters, runtime.traits(data), device.hardware(), 4, 1.5);
  EXPECT_DOUBLE_EQ(threads(depthwise(64, 28)).compute, timer(depthwise(64, 28)).compute);
}

TEST(KernelTime, WinogradLosesOnSmallMapsAndFewChannels) {
  const latency::devices::Device& device = latency::devices::built_in_device("cortex-a72");
  const latency::devices::RuntimeData& runtime = device.runtimes.at("ncnn");
  latency::devices::PrecisionData data = runtime.precisions.at(Precision::float32);
  ASSERT_GT(get(data.parameters, Parameter::winograd_gain), 1.5);
  const auto rate = [&](int channels, int extent) {
    Convolution op;
    op.kernel = {3, 3};
    op.padding = {1, 1};
    op.out_channels = channels;
    const Shape shape{Layout::map, channels, extent, extent};
    const Kernel kernel = convolution_kernel(op, shape, shape);
    const KernelCostModel timer(data.parameters, runtime.traits(data), device.hardware(), 1, 1.5);
    return kernel.macs / timer(kernel).compute;
  };
  const double small_map = rate(256, 7) / rate(256, 56);
  const double few_channels = rate(16, 28) / rate(128, 28);
  data.parameters[static_cast<std::size_t>(Parameter::winograd_gain)] = 1;
  EXPECT_LT(small_map, rate(256, 7) / rate(256, 56));
  EXPECT_LT(few_channels, rate(16, 28) / rate(128, 28));
}

Kernel dense(Pair kernel, int stride, Pair dilation = {1, 1}) {
  Convolution op;
  op.kernel = kernel;
  op.stride = {stride, stride};
  op.padding = {dilation.h * (kernel.h / 2), dilation.w * (kernel.w / 2)};
  op.dilation = dilation;
  op.out_channels = 16;
  return convolution_kernel(op, Shape{Layout::map, 8, 32, 32}, Shape{Layout::map, 16, 32 / stride, 32 / stride});
}

TEST(KernelTime, PatchesAreLaidOutRowByRowOnOneThread) {
  Parameters parameters{};
  parameters.fill(1);
  const double row_cost = 50;
  const double bytes_per_cycle = 4;
  parameters[static_cast<std::size_t>(Parameter::patch_row_cost)] = row_cost;
  parameters[static_cast<std::size_t>(Parameter::cache_bandwidth)] = bytes_per_cycle;
  RuntimeTraits traits;
  traits.threaded.fill(true);
  Hardware hardware;
  hardware.cores = 4;
  const KernelCostModel none(parameters, traits, hardware, 1, 1.0);
  traits.copies_patches = true;
  const KernelCostModel one(parameters, traits, hardware, 1, 1.0);
  const KernelCostModel four(parameters, traits, hardware, 4, 1.0);
  struct Case {
    Kernel kernel;
    double rows_ms;
    double bytes_ms;
  };
  const auto expected = [&](Kernel kernel, int places, int rows, int taps) {
    return Case{std::move(kernel), 1e-6 * places * rows * row_cost,
                1e-6 * places * taps * 8 * traits.element_bytes / bytes_per_cycle};
  };
  for (const Case& c :
       {expected(dense({3, 3}, 1), 32 * 32, 3, 9), expected(dense({5, 3}, 2), 16 * 16, 5, 15),
        // The taps of a dilated row are not contiguous.
        expected(dense({3, 3}, 1, {2, 2}), 32 * 32, 9, 9),
        // The places that a strided 1x1 convolution reads are gathered; without a stride the map is used as it is.
        expected(dense({1, 1}, 2), 16 * 16, 1, 1), Case{dense({1, 1}, 1), 0, 0}}) {
    EXPECT_NEAR(one(c.kernel).patch_compute, c.rows_ms, 1e-12);
    EXPECT_NEAR(one(c.kernel).patch_memory, c.bytes_ms, 1e-12);
    EXPECT_DOUBLE_EQ(four(c.kernel).patch_compute, one(c.kernel).patch_compute);
    EXPECT_DOUBLE_EQ(four(c.kernel).patch_memory, one(c.kernel).patch_memory);
    EXPECT_EQ(none(c.kernel).patch_compute + none(c.kernel).patch_memory, 0);
    EXPECT_NEAR(one(c.kernel).total, none(c.kernel).total + c.rows_ms + c.bytes_ms, 1e-12);
  }
  EXPECT_EQ(one(depthwise(8, 32)).patch_compute + one(depthwise(8, 32)).patch_memory, 0);
}

TEST(KernelTime, OnlyTensorFlowLiteCopiesPatches) {
  for (const auto& [name, runtime] : latency::devices::built_in_device("cortex-a72").runtimes) {
    EXPECT_EQ(runtime.fusion.copies_patches, name == "tflite-ruy" || name == "hw-nas-bench") << name;
    for (const auto& [precision, data] : runtime.precisions) {
      EXPECT_EQ(get(data.parameters, Parameter::patch_row_cost) > 1, runtime.fusion.copies_patches)
          << name << to_string(precision);
    }
  }
}

TEST(KernelTime, OtherRuntimesDoNotPayForGroups) {
  const latency::devices::Device& device = latency::devices::built_in_device("cortex-a72");
  for (const char* name : {"ncnn", "tflite-ruy", "libtorch-onednn"}) {
    const latency::devices::RuntimeData& runtime = device.runtimes.at(name);
    const latency::devices::PrecisionData& data = runtime.precisions.at(Precision::float32);
    const KernelCostModel timer(data.parameters, runtime.traits(data), device.hardware(), 1, 1.5);
    const double many = timer(depthwise(64, 28)).compute;
    EXPECT_NEAR(timer(depthwise(16, 56)).compute / many, 1, 1e-4) << name;
  }
}

}  // namespace
}  // namespace gensynth::latency::model
