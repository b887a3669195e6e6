#include "runtime/latency/latency_model.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <filesystem>
#include <map>
#include <numeric>

#include "architecture/base/error.hpp"
#include "architecture/rewrite/fold.hpp"
#include "architecture/zoo/zoo.hpp"
#include "tests/architecture/linear_network.hpp"
#include "tests/architecture/random_architecture.hpp"
#include "tests/runtime/latency/networks.hpp"

namespace gensynth::latency {
namespace {

using testing::AllOf;
using testing::HasSubstr;

std::string message_of(const LatencyTarget& target) {
  try {
    LatencyModel model(target);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

double ms(const Architecture& network, const LatencyTarget& target = {}, Form form = Form::deployed) {
  return LatencyModel(target).total(network, form).value;
}

std::vector<LatencyTarget> all_targets() {
  std::vector<LatencyTarget> targets;
  for (const std::string& runtime : LatencyModel::runtimes("cortex-a72")) {
    for (const int threads : {1, 4}) targets.push_back({.runtime = runtime, .threads = threads});
  }
  return targets;
}

TEST(LatencyModel, KnowsTheRuntimesOfTheDevice) {
  EXPECT_THAT(LatencyModel::devices(), testing::Contains("cortex-a72"));
  EXPECT_THAT(LatencyModel::runtimes("cortex-a72"),
              testing::IsSupersetOf({"tflite-ruy", "tflite-xnnpack", "armnn", "ncnn", "onnxruntime", "hw-nas-bench",
                                     "libtorch-onednn", "libtorch-native", "libtorch-native-neon"}));
}

TEST(LatencyModel, NamesTheKnownValuesForAnUnknownOne) {
  EXPECT_THAT(message_of({.device = "cortex-a73"}), AllOf(HasSubstr("cortex-a73"), HasSubstr("'cortex-a72'?")));
  EXPECT_THAT(message_of({.runtime = "tflite-rui"}), HasSubstr("did you mean 'tflite-ruy'?"));
  EXPECT_THAT(message_of({.threads = 5}), AllOf(HasSubstr("threads = 5"), HasSubstr("1 to 4")));
  EXPECT_THAT(message_of({.threads = 0}), HasSubstr("1 to 4"));
  EXPECT_THAT(message_of({.clock_ghz = 7}), AllOf(HasSubstr("7 GHz"), HasSubstr("1.5, 1.8")));
  EXPECT_THAT(message_of({.precision = Precision::float16}), AllOf(HasSubstr("fp16"), HasSubstr("fp32, int8")));
}

TEST(LatencyModel, TotalIsTheSumOfItsKernels) {
  for (const LatencyTarget& target : all_targets()) {
    const LatencyModel model(target);
    for (const char* name : {"mobilenet-v3-large-1.0", "mobilevit-xxs", "edgenext-xxs", "shufflenet-v2-1.0"}) {
      const Architecture network = zoo::zoo_network(name);
      const LatencyEstimate estimate = model.estimate(network);
      const Quantity total = model.total(network);
      const double sum = std::accumulate(estimate.kernels.begin(), estimate.kernels.end(), 0.0,
                                         [](double s, const KernelLatency& k) { return s + k.ms; });
      EXPECT_NEAR(total.value, sum, 1e-9 * sum);
      EXPECT_NEAR(estimate.ms, sum, 1e-9 * sum);
      EXPECT_NEAR(total.low, estimate.low, 1e-9 * sum);
      EXPECT_NEAR(total.high, estimate.high, 1e-9 * sum);
      EXPECT_EQ(total.provenance, Provenance::predicted);
      EXPECT_EQ(total.unit, "ms");
    }
  }
}

TEST(LatencyModel, HandlesEveryOperatorOfRandomNetworks) {
  Rng rng(11);
  for (int i = 0; i < 150; ++i) {
    const Architecture network = RandomArchitecture(rng, 32, 60).build();
    for (const LatencyTarget& target : all_targets()) {
      const LatencyEstimate estimate = LatencyModel(target).estimate(network);
      EXPECT_TRUE(std::isfinite(estimate.ms));
      EXPECT_GT(estimate.ms, 0);
      EXPECT_LT(estimate.low, estimate.ms);
      EXPECT_GT(estimate.high, estimate.ms);
      for (const KernelLatency& kernel : estimate.kernels) EXPECT_GE(kernel.ms, 0) << kernel.kernel_class;
    }
  }
}

TEST(LatencyModel, NamesEveryVertexInAtMostOneKernel) {
  const Architecture network = zoo::zoo_network("mobilenet-v3-large-1.0");
  std::map<int, int> seen;
  for (const KernelLatency& kernel : LatencyModel({}).estimate(network).kernels) {
    for (const int v : kernel.vertices) ++seen[v];
  }
  EXPECT_EQ(seen.size() + 1, static_cast<std::size_t>(network.size()));  // all but the input
  for (const auto& [v, times] : seen) EXPECT_EQ(times, 1) << v;
}

TEST(LatencyModel, MoreWorkIsNotFaster) {
  for (const LatencyTarget& target : all_targets()) {
    double before = 0;
    for (int width = 16; width <= 512; width += 4) {
      const double now = ms(small_network(width, 4), target);
      EXPECT_GE(now, before) << target.runtime << " width " << width;
      before = now;
    }
    before = 0;
    for (int px = 32; px <= 256; px += 16) {
      const double now = ms(small_network(32, 4, px), target);
      EXPECT_GT(now, before) << target.runtime << " px " << px;
      before = now;
    }
    before = 0;
    for (int depth = 1; depth < 20; ++depth) {
      const double now = ms(small_network(32, depth), target);
      EXPECT_GT(now, before) << target.runtime << " depth " << depth;
      before = now;
    }
  }
}

TEST(LatencyModel, AnUnmeasuredClockWidensTheInterval) {
  const Architecture network = zoo::zoo_network("mobilenet-v3-large-1.0");
  const auto estimate = [&](double clock) {
    return LatencyModel({.threads = 4, .clock_ghz = clock}).estimate(network);
  };
  const auto width = [](const LatencyEstimate& e) { return std::log(e.high / e.ms); };
  const LatencyEstimate measured = estimate(1.8);
  const LatencyEstimate fast = estimate(2.3);
  EXPECT_FALSE(fast.in_range);
  // Without any throttling it would be faster by the ratio of the clocks, which the interval must hold.
  EXPECT_LT(fast.low, estimate(1.5).ms * 1.5 / 2.3);
  EXPECT_GT(width(fast), width(measured) + 0.3);
  EXPECT_THAT(fast.notes, testing::Contains(HasSubstr("2.3 GHz")));
}

TEST(LatencyModel, SaysWhatShareOfTheTimeWasNotMeasured) {
  const LatencyModel model({.threads = 4});
  const Quantity known = model.total(zoo::zoo_network("mobilenet-v3-large-1.0"));
  const Quantity unknown = model.total(zoo::zoo_network("mobilevit-xxs"));
  EXPECT_LT(known.unmeasured, 0.1);
  EXPECT_GT(unknown.unmeasured, known.unmeasured);
  EXPECT_LE(unknown.unmeasured, 1);
}

TEST(LatencyModel, FoldedBatchNormTakesNoTime) {
  EXPECT_DOUBLE_EQ(ms(small_network(32, 4, 64, true)), ms(small_network(32, 4, 64, false)));
  const LatencyTarget eager{.runtime = "libtorch-native"};
  EXPECT_GT(ms(small_network(32, 4, 64, true), eager, Form::as_given), ms(small_network(32, 4, 64, false), eager));
  EXPECT_DOUBLE_EQ(ms(small_network(32, 4, 64, true), eager), ms(small_network(32, 4, 64, false), eager));
}

TEST(LatencyModel, PredictsATrainingFormAsWhatIsDeployed) {
  for (const LatencyTarget& target : all_targets()) {
    for (const std::string size : {"s0", "s1"}) {
      const Architecture train = zoo::zoo_network("mobileone-" + size + "-train");
      const Architecture deployed = zoo::zoo_network("mobileone-" + size + "-reparam");
      EXPECT_DOUBLE_EQ(ms(train, target), ms(deployed, target)) << target.runtime << " " << size;
      EXPECT_GT(ms(train, target, Form::as_given), 1.05 * ms(train, target)) << target.runtime << " " << size;
    }
  }
}

TEST(LatencyModel, FoldingFirstChangesNoPrediction) {
  for (std::uint64_t seed = 0; seed < 120; ++seed) {
    Rng rng(seed);
    const Architecture network = seed % 2 ? random_linear_network(rng) : random_architecture(rng, 32, 60);
    const Architecture folded = fold(network);
    for (const LatencyTarget& target : all_targets()) {
      const LatencyModel model(target);
      const double expected = model.total(folded, Form::as_given).value;
      EXPECT_NEAR(model.total(network).value, expected, 1e-12 * expected) << target.runtime << " " << seed;
      EXPECT_EQ(model.total(folded).value, expected);
      EXPECT_EQ(model.estimate(network).kernels.size(), model.estimate(folded).kernels.size());
    }
  }
}

TEST(LatencyModel, TellsWhatWasFoldedIntoAKernel) {
  ArchitectureBuilder b("block", Shape{Layout::map, 8, 32, 32});
  const int narrow = b.add(BatchNorm{}, b.add(centred(8, 1), 0));
  const int wide = b.add(centred(8, 3), 0, {}, "wide");
  const int sum = b.add(Add{}, {narrow, b.add(BatchNorm{}, wide), 0});
  const int act = b.add(Activation{}, sum);
  const Architecture network = b.build(b.add(Dropout{}, b.add(GlobalPool{}, act)));
  const LatencyEstimate estimate = LatencyModel({}).estimate(network);
  ASSERT_EQ(estimate.kernels.size(), 2U);
  EXPECT_THAT(estimate.kernels[0].vertices, testing::ElementsAre(wide, 1, narrow, 4, sum, act));
  EXPECT_EQ(estimate.kernels[0].kernel_class, "conv3x3");
  EXPECT_THAT(estimate.kernels[1].vertices, testing::ElementsAre(act + 1, act + 2));
  EXPECT_EQ(LatencyModel({}).estimate(network, Form::as_given).kernels.size(), 4U);
}

TEST(LatencyModel, ThreadsSpeedUpWithinBounds) {
  const Architecture network = zoo::zoo_network("mobilenet-v1-1");
  for (const std::string& runtime : LatencyModel::runtimes("cortex-a72")) {
    const double one = ms(network, {.runtime = runtime, .threads = 1});
    double before = one;
    for (int threads = 2; threads <= 4; ++threads) {
      const double now = ms(network, {.runtime = runtime, .threads = threads});
      EXPECT_LT(now, before) << runtime << " " << threads;
      EXPECT_GT(now, one / threads) << runtime << " " << threads;
      before = now;
    }
  }
}

TEST(LatencyModel, AHigherClockIsNotSlowerAndGainsAtMostItsRatio) {
  const Architecture network = zoo::zoo_network("mobilenet-v2-1");
  for (const LatencyTarget& target : all_targets()) {
    LatencyTarget fast = target;
    fast.clock_ghz = 1.8;
    EXPECT_LE(ms(network, fast), ms(network, target)) << target.runtime;
    EXPECT_GE(ms(network, fast), ms(network, target) * 1.5 / 1.8 * 0.999) << target.runtime;
  }
}

TEST(LatencyModel, Int8IsFasterThanFp32WhereItWasMeasuredSo) {
  const Architecture network = zoo::zoo_network("mobilenet-v1-1");
  EXPECT_LT(ms(network, {.threads = 4, .precision = Precision::int8}), ms(network, {.threads = 4}));
}

TEST(LatencyModel, WidensTheIntervalOutsideWhatWasMeasured) {
  const Architecture network = zoo::zoo_network("mobilenet-v2-1");
  const auto width = [&](const LatencyTarget& target, const Architecture& a) {
    const Quantity total = LatencyModel(target).total(a);
    return std::log(total.high / total.low);
  };
  const LatencyTarget measured{.runtime = "tflite-ruy", .threads = 4};
  const LatencyEstimate inside = LatencyModel(measured).estimate(network);
  EXPECT_TRUE(inside.in_range);
  EXPECT_TRUE(inside.notes.empty());

  const LatencyTarget other_threads{.runtime = "tflite-ruy", .threads = 2};
  EXPECT_GT(width(other_threads, network), width(measured, network));
  EXPECT_FALSE(LatencyModel(other_threads).estimate(network).in_range);
  EXPECT_THAT(LatencyModel(other_threads).estimate(network).notes,
              testing::ElementsAre(AllOf(HasSubstr("2 threads"), HasSubstr("4"))));

  // Measured at 96 to 224 px.
  const Architecture small_input = zoo::zoo_network("mobilenet-v2-1").at_resolution(48);
  const LatencyEstimate elsewhere = LatencyModel(measured).estimate(small_input);
  EXPECT_FALSE(elsewhere.in_range);
  EXPECT_THAT(elsewhere.notes, testing::Contains(HasSubstr("an input of 48 px (measured: 96 to 224)")));
  EXPECT_GE(width(measured, small_input), width(measured, network) + 1);
  EXPECT_TRUE(LatencyModel(measured).estimate(zoo::zoo_network("mobilenet-v2-1").at_resolution(256)).in_range);

  const Architecture attention = zoo::zoo_network("mobilevit-xs");
  const LatencyEstimate outside = LatencyModel(measured).estimate(attention);
  EXPECT_FALSE(outside.in_range);
  EXPECT_THAT(outside.notes, testing::Contains(HasSubstr("kernels unlike those measured")));
  EXPECT_GT(width(measured, attention), width(measured, network));

  const LatencyEstimate uncalibrated = LatencyModel({.runtime = "onnxruntime"}).estimate(network);
  EXPECT_FALSE(uncalibrated.in_range);
  EXPECT_THAT(uncalibrated.notes,
              testing::ElementsAre(AllOf(HasSubstr("no measurement of onnxruntime at fp32 on cortex-a72"),
                                         HasSubstr("the interval says how uncertain"))));
}

TEST(LatencyModel, CopyingRowsOfPatchesIsNoMovingOfBytes) {
  // In a stem of 3 channels most of the time goes into a call for each row of each patch, on one of the four threads.
  const KernelLatency stem = LatencyModel({.runtime = "tflite-ruy", .threads = 4})
                                 .estimate(zoo::zoo_network("mobilenet-v1-1"))
                                 .kernels.front();
  EXPECT_EQ(stem.kernel_class, "conv3x3");
  EXPECT_LT(static_cast<double>(stem.bytes) / stem.ms / 1e6, 0.5);  // GB/s
  EXPECT_EQ(stem.bound, KernelBound::compute);
}

TEST(LatencyModel, AgreesWithMeasurementsOfTheBaselines) {
  // Raspberry Pi 4, 1.5 GHz, four threads: MLPerf Inference v1.0 medians.
  for (const auto& [name, measured] :
       {std::pair{"mobilenet-v1-1", 68.2}, {"mobilenet-v2-1", 57.1}, {"mobilenet-v3-large-1.0", 49.9}}) {
    EXPECT_NEAR(ms(zoo::zoo_network(name), {.threads = 4}), measured, 0.15 * measured) << name;
  }
  // ncnn, one thread, 1.5 GHz: its own benchmark of 2022.
  EXPECT_NEAR(ms(zoo::zoo_network("mobilenet-v1-1"), {.runtime = "ncnn"}), 145.9, 0.15 * 145.9);
  EXPECT_NEAR(ms(zoo::zoo_network("resnet-18"), {.runtime = "ncnn"}), 226.5, 0.15 * 226.5);
}

TEST(LatencyModel, DepthwiseIsExpensiveWithoutOneDnn) {
  // Speeds relative to FBNet-C of eager LibTorch without oneDNN, one thread (measured on x86): the order and roughly
  // the size, on which a model that counts MACs alone fails.
  const LatencyTarget native{.runtime = "libtorch-native"};
  const double fbnet = ms(zoo::zoo_network("fbnet-c"), native, Form::as_given);
  for (const auto& [name, speed] : {std::pair{"mobilevit-xs", 0.8},
                                    {"mobileone-s1-reparam", 1.4},
                                    {"ofa-pixel2-62", 1.5},
                                    {"mobilenet-v3-large-1.0", 1.8}}) {
    EXPECT_NEAR(fbnet / ms(zoo::zoo_network(name), native, Form::as_given), speed, 0.35 * speed) << name;
  }
}

TEST(LatencyModel, ReadsADeviceFileOfTheUsersOwn) {
  const std::string path = std::string(GENSYNTH_SOURCE_DIR) + "/runtime/latency/devices/cortex-a72.json";
  const Architecture network = small_network(32, 4);
  EXPECT_EQ(LatencyModel({}, path).total(network).value, ms(network));
  EXPECT_THROW(LatencyModel({}, "no/such/device.json"), Error);
}

TEST(LatencyModel, NamesItsVersion) {
  EXPECT_THAT(LatencyModel({}).version(), testing::MatchesRegex("cortex-a72/tflite-ruy [0-9]+"));
  EXPECT_EQ(LatencyModel({}).total(small_network(16, 1)).source, LatencyModel({}).version());
}

}  // namespace
}  // namespace gensynth::latency
