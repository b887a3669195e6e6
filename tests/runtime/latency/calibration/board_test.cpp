#include "runtime/latency/calibration/board.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "architecture/base/error.hpp"
#include "architecture/zoo/zoo.hpp"
#include "runtime/latency/calibration/calibrate.hpp"
#include "runtime/latency/latency_model.hpp"

namespace gensynth::latency::calibration {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const Board kBoard{
    .name = "desk", .cores = 2, .macs_per_cycle = 16, .cache_kib = 512, .channel_block = 16, .clocks_ghz = {3.0, 2.0}};

double value(const latency::devices::Device& device, latency::model::Parameter which) {
  return device.runtimes.at("onnxruntime")
      .precisions.at(Precision::float32)
      .parameters[static_cast<std::size_t>(which)];
}

TEST(Board, StartsFromTheDeviceScaledByThePeak) {
  const latency::devices::Device& start = latency::devices::built_in_device("cortex-a72");
  const latency::devices::Device device = device_for_board(start, kBoard);
  const double ratio = 16 / start.macs_per_cycle;
  EXPECT_EQ(device.name, "desk");
  EXPECT_EQ(device.cores, 2);
  EXPECT_DOUBLE_EQ(device.l2_bytes, 512 * 1024);
  EXPECT_THAT(device.clocks_ghz, ElementsAre(2.0, 3.0));
  EXPECT_DOUBLE_EQ(value(device, latency::model::Parameter::pointwise_rate),
                   ratio * value(start, latency::model::Parameter::pointwise_rate));
  EXPECT_DOUBLE_EQ(value(device, latency::model::Parameter::depthwise_output),
                   value(start, latency::model::Parameter::depthwise_output) / ratio);
  EXPECT_DOUBLE_EQ(value(device, latency::model::Parameter::overhead),
                   value(start, latency::model::Parameter::overhead));
  EXPECT_DOUBLE_EQ(value(device, latency::model::Parameter::dram_bandwidth),
                   value(start, latency::model::Parameter::dram_bandwidth));
  Board faster = kBoard;
  faster.memory_gb_s = 20;
  EXPECT_DOUBLE_EQ(value(device_for_board(start, faster), latency::model::Parameter::dram_bandwidth), 20);
}

TEST(Board, BlocksChannelsWhereTheRuntimeDoes) {
  const latency::devices::Device& start = latency::devices::built_in_device("cortex-a72");
  const latency::devices::Device wide = device_for_board(start, kBoard);
  EXPECT_EQ(wide.runtimes.at("onnxruntime").fusion.channel_block, 16);
  EXPECT_EQ(wide.runtimes.at("onnxruntime").precisions.at(Precision::float32).lanes, 16);
  EXPECT_EQ(wide.runtimes.at("ncnn").fusion.channel_block, 1);
  // On a machine without it again, the file still records that the runtime supports it.
  Board plain = kBoard;
  plain.channel_block = 1;
  EXPECT_EQ(device_for_board(wide, plain).runtimes.at("onnxruntime").fusion.channel_block, 1);
  const latency::devices::Device read =
      latency::devices::device_from_json(to_json(device_for_board(wide, plain)), "copy");
  EXPECT_TRUE(read.runtimes.at("onnxruntime").fusion.blocks_channels);
  EXPECT_FALSE(read.runtimes.at("ncnn").fusion.blocks_channels);
}

TEST(Board, CountsNothingAsCalibrated) {
  const latency::devices::Device device = device_for_board(latency::devices::built_in_device("cortex-a72"), kBoard);
  EXPECT_TRUE(device.runtimes.at("ncnn").precisions.at(Precision::float32).calibration.threads.empty());
  EXPECT_THAT(device.runtimes.at("ncnn").precisions.at(Precision::float32).calibration.summary,
              HasSubstr("not measured"));
  EXPECT_EQ(to_text(latency::devices::device_from_json(to_json(device), "copy")), to_text(device));
}

TEST(Board, NamesWhatIsMissing) {
  const auto message = [](Board board) {
    try {
      device_for_board(latency::devices::built_in_device("cortex-a72"), board);
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  Board board = kBoard;
  board.macs_per_cycle = 0;
  EXPECT_THAT(message(board), HasSubstr("board 'desk': peak MACs per cycle"));
  board = kBoard;
  board.clocks_ghz.clear();
  EXPECT_THAT(message(board), HasSubstr("no clock"));
  board = kBoard;
  board.name.clear();
  EXPECT_THAT(message(board), HasSubstr("name"));
}

TEST(Board, ACalibrationMakesADeviceFileOfItsOwn) {
  const std::string rows = testing::TempDir() + "board_rows.csv";
  const std::string out = testing::TempDir() + "board_device.json";
  std::ofstream(rows)
      << "network,runtime,precision,threads,clock_ghz,latency_ms\n"
         "zoo:mobilenet-v1-1,onnxruntime,fp32,1,2.5,9\nkernel:blur3-c24-px56,onnxruntime,fp32,1,2.5,0.2\n";
  Board board = kBoard;
  board.clocks_ghz.clear();  // then the clocks of the rows are used
  const CalibrationReport report = calibrate_file(rows, "cortex-a72", out, board);
  EXPECT_EQ(report.runtimes.at(0).rows.size(), 2U);
  const LatencyTarget target{.device = out, .runtime = "onnxruntime", .threads = 1, .clock_ghz = 2.5};
  const LatencyModel model(target);
  EXPECT_THAT(model.version(), HasSubstr("desk/onnxruntime"));
  EXPECT_GT(model.total(zoo::zoo_network("mobilenet-v2-1")).value, 0);
  std::filesystem::remove(rows);
  std::filesystem::remove(out);
}

}  // namespace
}  // namespace gensynth::latency::calibration
