#include "runtime/latency/calibration/calibrate.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "architecture/base/error.hpp"
#include "architecture/base/random.hpp"
#include "architecture/zoo/zoo.hpp"
#include "runtime/latency/model/kernel_time.hpp"
#include "runtime/latency/model/kernel_walk.hpp"

namespace gensynth::latency::calibration {
namespace {

using testing::AllOf;
using testing::HasSubstr;

const std::vector<std::string> kNetworks{"mobilenet-v1-1",    "mobilenet-v1-0.5",   "mobilenet-v2-1",
                                         "mobilenet-v2-0.5",  "resnet-18",          "squeezenet-1.1",
                                         "mnasnet-b1-1.0",    "efficientnet-lite0", "proxylessnas-mobile",
                                         "mobilenet-v1-0.25", "mobilenet-v2-0.35",  "resnet-50"};

/// Measurements of an invented machine that follows the model exactly, up to `noise`.
std::vector<Measurement> synthetic(const latency::devices::Device& truth, double noise) {
  Rng rng(3);
  std::vector<Measurement> measurements;
  const latency::devices::RuntimeData& runtime = truth.runtimes.at("tflite-ruy");
  const latency::devices::PrecisionData& data = runtime.precisions.at(Precision::float32);
  for (const std::string& network : kNetworks) {
    for (const int threads : {1, 4}) {
      Measurement m;
      m.runtime = "tflite-ruy";
      m.precision = Precision::float32;
      m.network = m.group = network;
      m.family = zoo::zoo_family(network);
      m.threads = threads;
      m.clock_ghz = 1.5;
      const latency::model::KernelCostModel timer(data.parameters, runtime.traits(data), truth.hardware(), threads,
                                                  1.5);
      for (const latency::model::Kernel& kernel : latency::model::kernels_of(m.architecture(), runtime.fusion))
        m.ms += timer(kernel).total;
      m.ms *= std::exp(noise * (2 * uniform01(rng) - 1));
      measurements.push_back(m);
    }
  }
  return measurements;
}

double& parameter(latency::devices::Device& device, latency::model::Parameter which) {
  return device.runtimes.at("tflite-ruy").precisions.at(Precision::float32).parameters[static_cast<std::size_t>(which)];
}

TEST(Calibrate, RecoversTheConstantsOfASyntheticMachine) {
  const latency::devices::Device& prior = latency::devices::built_in_device("cortex-a72");
  latency::devices::Device truth = prior;
  parameter(truth, latency::model::Parameter::pointwise_rate) *= 0.75;
  parameter(truth, latency::model::Parameter::depthwise_rate) *= 0.6;
  parameter(truth, latency::model::Parameter::depthwise_output) *= 1.5;
  CalibrationReport report = calibrate(synthetic(truth, 0.002), prior, {.noise = 0.005});
  ASSERT_EQ(report.runtimes.size(), 1u);
  EXPECT_LT(report.runtimes[0].fitted.mape, 1);
  EXPECT_LT(report.runtimes[0].held_out.mape, 4);
  EXPECT_GT(report.runtimes[0].held_out.kendall.value(), 0.95);
  // Two constants with similar effects may compensate each other a little; the times of kernels must agree.
  const auto per_output = [](latency::devices::Device& d) {
    return 9 / parameter(d, latency::model::Parameter::depthwise_rate) +
           parameter(d, latency::model::Parameter::depthwise_output);
  };
  EXPECT_NEAR(per_output(report.device) / per_output(truth), 1, 0.1);
  EXPECT_NEAR(parameter(report.device, latency::model::Parameter::pointwise_rate) /
                  parameter(truth, latency::model::Parameter::pointwise_rate),
              1, 0.15);
}

TEST(Calibrate, RecordsTheMeasuredSettings) {
  const CalibrationReport report = calibrate(synthetic(latency::devices::built_in_device("cortex-a72"), 0.02),
                                             latency::devices::built_in_device("cortex-a72"));
  const latency::devices::PrecisionData& data =
      report.device.runtimes.at("tflite-ruy").precisions.at(Precision::float32);
  EXPECT_THAT(data.calibration.threads, testing::ElementsAre(1, 4));
  EXPECT_THAT(data.calibration.clocks_ghz, testing::ElementsAre(1.5));
  EXPECT_EQ(data.calibration.measurements, static_cast<int>(2 * kNetworks.size()));
  EXPECT_LT(data.calibration.interval, 0.2);
  EXPECT_TRUE(data.calibration.ranges[static_cast<std::size_t>(latency::model::KernelClass::depthwise)].seen());
  EXPECT_FALSE(data.calibration.ranges[static_cast<std::size_t>(latency::model::KernelClass::matmul)].seen());
  EXPECT_EQ(data.calibration.inputs.low, 224);
  EXPECT_EQ(data.calibration.inputs.high, 224);
  EXPECT_EQ(report.device.runtimes.at("tflite-ruy").version,
            latency::devices::built_in_device("cortex-a72").runtimes.at("tflite-ruy").version + 1);
  EXPECT_THAT(to_text(report), AllOf(HasSubstr("held out"), HasSubstr("resnet-50"), HasSubstr("depthwise_rate")));
}

TEST(Calibrate, OneOutlierDoesNotCarryTheFit) {
  const latency::devices::Device& device = latency::devices::built_in_device("cortex-a72");
  std::vector<Measurement> measurements = synthetic(device, 0.01);
  measurements.front().ms *= 8;
  const CalibrationReport report = calibrate(measurements, device);
  EXPECT_LT(report.runtimes[0].fitted.median, 6);
}

TEST(Calibrate, HeldOutPredictionsDoNotSeeTheirGroup) {
  const latency::devices::Device& device = latency::devices::built_in_device("cortex-a72");
  std::vector<Measurement> measurements = synthetic(device, 0.01);
  const double before = calibrate(measurements, device).runtimes[0].rows.front().held_out_ms;
  for (Measurement& m : measurements) {
    if (m.group == measurements.front().group) m.ms *= 3;
  }
  EXPECT_NEAR(calibrate(measurements, device).runtimes[0].rows.front().held_out_ms, before, 0.02 * before);
}

const latency::model::SubsetError& error_of(const RuntimeCalibration& result, const std::string& family) {
  for (const latency::model::SubsetError& error : result.families) {
    if (error.name == family) return error;
  }
  throw std::out_of_range(family);
}

TEST(Calibrate, ReportsErrorsByFamily) {
  const latency::devices::Device& device = latency::devices::built_in_device("cortex-a72");
  const std::vector<Measurement> measurements = synthetic(device, 0.01);
  const CalibrationReport report = calibrate(measurements, device);
  const RuntimeCalibration& result = report.runtimes[0];
  int rows = 0;
  for (const latency::model::SubsetError& error : result.families) rows += error.measurements;
  EXPECT_EQ(rows, static_cast<int>(measurements.size()));
  const latency::model::SubsetError& mobilenets = error_of(result, "mobilenet-v1");
  EXPECT_EQ(mobilenets.networks, 3);
  EXPECT_EQ(mobilenets.measurements, 6);
  double mape = 0;
  double log_bias = 0;
  for (const CalibratedRow& row : result.rows) {
    if (row.measurement.family != "mobilenet-v1") continue;
    mape += 100 * std::abs(row.held_out_ms / row.measurement.ms - 1) / 6;
    log_bias += std::log(row.held_out_ms / row.measurement.ms) / 6;
  }
  EXPECT_NEAR(mobilenets.mape, mape, 1e-9);
  EXPECT_NEAR(mobilenets.bias, 100 * (std::exp(log_bias) - 1), 1e-9);
  // A family of one network is unseen whenever that is held out.
  const latency::model::SubsetError& alone = error_of(result, "mnasnet");
  EXPECT_NEAR(alone.unseen_mape.value(), alone.mape, 1e-6);

  const std::vector<latency::model::SubsetError>& kept =
      report.device.runtimes.at("tflite-ruy").precisions.at(Precision::float32).calibration.families;
  ASSERT_EQ(kept.size(), result.families.size());
  const latency::devices::Device read = latency::devices::device_from_json(to_json(report.device), "copy");
  const latency::model::SubsetError& copy =
      read.runtimes.at("tflite-ruy").precisions.at(Precision::float32).calibration.families.front();
  EXPECT_EQ(copy.name, result.families.front().name);
  EXPECT_NEAR(copy.unseen_mape.value(), result.families.front().unseen_mape.value(), 0.005);
  EXPECT_THAT(to_text(report), HasSubstr("  mobilenet-v1, 3, 6, "));
}

TEST(Calibrate, PredictionsOfAnUnseenFamilyDoNotSeeIt) {
  const latency::devices::Device& device = latency::devices::built_in_device("cortex-a72");
  std::vector<Measurement> measurements = synthetic(device, 0.01);
  const CalibrationReport before = calibrate(measurements, device);
  for (Measurement& m : measurements) {
    if (m.family == "mobilenet-v2") m.ms *= 3;
  }
  const CalibrationReport after = calibrate(measurements, device);
  for (std::size_t i = 0; i < measurements.size(); ++i) {
    if (measurements[i].family != "mobilenet-v2") continue;
    const double unseen = before.runtimes[0].rows[i].unseen_ms;
    EXPECT_NEAR(after.runtimes[0].rows[i].unseen_ms, unseen, 0.02 * unseen) << measurements[i].network;
    // When networks are held out one by one, the others of the family remain in the fit.
    EXPECT_GT(after.runtimes[0].rows[i].held_out_ms, 1.05 * unseen) << measurements[i].network;
  }
}

TEST(Calibrate, AFamilyWithoutAnyOtherIsNotUnseen) {
  const latency::devices::Device& device = latency::devices::built_in_device("cortex-a72");
  std::vector<Measurement> measurements = synthetic(device, 0.01);
  for (Measurement& m : measurements) m.family = "all";
  const CalibrationReport report = calibrate(measurements, device);
  ASSERT_EQ(report.runtimes[0].families.size(), 1U);
  EXPECT_FALSE(report.runtimes[0].families[0].unseen_mape);
  EXPECT_THAT(to_text(report), HasSubstr(", -, -"));
}

TEST(Calibrate, ReportsErrorsBySource) {
  const latency::devices::Device& device = latency::devices::built_in_device("cortex-a72");
  std::vector<Measurement> measurements = synthetic(device, 0.01);
  for (std::size_t i = 0; i < measurements.size(); ++i) measurements[i].source = i % 3 == 0 ? "a table" : "a paper";
  const CalibrationReport report = calibrate(measurements, device);
  ASSERT_EQ(report.sources.size(), 2U);
  EXPECT_EQ(report.sources[0].name, "a paper");
  EXPECT_EQ(report.sources[0].measurements + report.sources[1].measurements, static_cast<int>(measurements.size()));
  double mape = 0;
  for (const CalibratedRow& row : report.runtimes[0].rows) {
    if (row.measurement.source == "a table") mape += 100 * std::abs(row.held_out_ms / row.measurement.ms - 1);
  }
  EXPECT_NEAR(report.sources[1].mape, mape / report.sources[1].measurements, 1e-9);
  EXPECT_THAT(to_text(report), HasSubstr("\n  a table, all, "));
  EXPECT_THAT(to_text(report), HasSubstr("\n  a table, tflite-ruy fp32, "));
}

TEST(Calibrate, ReportsWhichConstantsTheRowsDetermine) {
  const latency::devices::Device& device = latency::devices::built_in_device("cortex-a72");
  const CalibrationReport report = calibrate(synthetic(device, 0.01), device, {.noise = 0.01});
  const RuntimeCalibration& result = report.runtimes[0];
  const auto determined = [&](latency::model::Parameter which) {
    return is_determined(result, static_cast<std::size_t>(which));
  };
  EXPECT_TRUE(determined(latency::model::Parameter::pointwise_rate));
  EXPECT_FALSE(determined(latency::model::Parameter::slow_math_rate));  // no exponentials in these networks
  EXPECT_FALSE(determined(latency::model::Parameter::winograd_gain));   // not used
  const auto slow = static_cast<std::size_t>(latency::model::Parameter::slow_math_rate);
  EXPECT_NEAR(result.uncertainties[slow], latency::model::parameter_infos()[slow].spread, 1e-3);
  // A constant that did not move keeps its value and its source.
  EXPECT_EQ(result.after[slow], result.before[slow]);
  const latency::devices::PrecisionData& before = device.runtimes.at("tflite-ruy").precisions.at(Precision::float32);
  const latency::devices::PrecisionData& after =
      report.device.runtimes.at("tflite-ruy").precisions.at(Precision::float32);
  EXPECT_EQ(after.sources[slow], before.sources[slow]);
}

TEST(Calibrate, KeepsItsHeldOutErrorInTheDevice) {
  const latency::devices::Device& device = latency::devices::built_in_device("cortex-a72");
  const CalibrationReport report = calibrate(synthetic(device, 0.01), device);
  const latency::devices::Device read = latency::devices::device_from_json(to_json(report.device), "copy");
  const latency::model::PredictionError error =
      read.runtimes.at("tflite-ruy").precisions.at(Precision::float32).calibration.held_out.value();
  EXPECT_NEAR(error.mape, report.runtimes[0].held_out.mape, 0.005);
  EXPECT_NEAR(error.kendall.value(), report.runtimes[0].held_out.kendall.value(), 5e-5);
}

TEST(Calibrate, CountsPlacesByThread) {
  // A runtime that is like another starts from its constants: places at half speed are those of one thread.
  const latency::devices::Device& device = latency::devices::built_in_device("cortex-a72");
  ASSERT_EQ(device.runtimes.at("hw-nas-bench").like, "tflite-ruy");
  const latency::devices::PrecisionData& like = device.runtimes.at("tflite-ruy").precisions.at(Precision::float32);
  ASSERT_THAT(like.calibration.threads, testing::ElementsAre(4));
  std::vector<Measurement> measurements = synthetic(device, 0.01);
  std::erase_if(measurements, [](const Measurement& m) { return m.threads != 1; });
  for (Measurement& m : measurements) m.runtime = "hw-nas-bench";
  const auto places = static_cast<std::size_t>(latency::model::Parameter::pixels_half);
  EXPECT_NEAR(calibrate(measurements, device).runtimes[0].before[places], like.parameters[places] / 4, 1e-9);
  for (Measurement& m : measurements) m.threads = 4;
  EXPECT_NEAR(calibrate(measurements, device).runtimes[0].before[places], like.parameters[places], 1e-9);
}

TEST(Calibrate, RefusesAClockThatTheDeviceDoesNotHave) {
  const latency::devices::Device& device = latency::devices::built_in_device("cortex-a72");
  std::vector<Measurement> measurements = synthetic(device, 0.01);
  for (Measurement& m : measurements) m.clock_ghz = 9;
  try {
    calibrate(measurements, device);
    FAIL() << "9 GHz were accepted";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), AllOf(HasSubstr("column clock_ghz: '9'"), HasSubstr("1.5, 1.8, 2, 2.3")));
  }
}

TEST(Calibrate, WritesNothingWhenAnythingIsWrong) {
  const auto folder = std::filesystem::path(testing::TempDir());
  const std::string csv = (folder / "gensynth_bad_measurements.csv").string();
  const std::string out = (folder / "gensynth_bad_device.json").string();
  std::filesystem::remove(out);
  std::ofstream(csv) << "clock_ghz,threads,runtime,precision,network,latency_ms\n1.5,1,nccn,fp32,mobilenet-v1-1,146\n";
  try {
    calibrate_file(csv, "cortex-a72", out);
    FAIL() << "an unknown runtime was accepted";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), AllOf(HasSubstr(csv + ": row 2, column runtime"), HasSubstr("'ncnn'")));
  }
  EXPECT_FALSE(std::filesystem::exists(out));
  std::ofstream(csv) << "clock_ghz,threads,runtime,precision,network,latency_ms\n1.5,1,ncnn,fp32,mobilenet-v1-1,146\n";
  const auto size = std::filesystem::file_size(csv);
  EXPECT_THROW(calibrate_file(csv, "cortex-a72", (folder / "." / "gensynth_bad_measurements.csv").string()), Error);
  EXPECT_EQ(std::filesystem::file_size(csv), size);
  std::ofstream(csv) << "clock_ghz,threads,runtime,precision,network,latency_ms\n1.5,1,ncnn,fp32,mobilenet-v1-1,146\n";
  calibrate_file(csv, "cortex-a72", out);
  EXPECT_EQ(
      latency::devices::read_device(out).runtimes.at("ncnn").precisions.at(Precision::float32).calibration.measurements,
      1);
  std::filesystem::remove(out);
  std::filesystem::remove(csv);
}

}  // namespace
}  // namespace gensynth::latency::calibration
