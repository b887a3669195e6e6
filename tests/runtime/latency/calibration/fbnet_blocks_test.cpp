// FBNet's blocks on a Raspberry Pi 4 (HW-NAS-Bench): no constant was fitted to these differences from `skip`.

#include "tests/runtime/latency/calibration/fbnet_blocks.hpp"

#include <gtest/gtest.h>

#include "architecture/base/statistics.hpp"
#include "architecture/cost.hpp"
#include "runtime/latency/latency_model.hpp"

namespace gensynth::latency::calibration {
namespace {

TEST(FbnetBlocks, DifferencesCorrelateWithMeasurements) {
  const LatencyModel model({.runtime = "hw-nas-bench"});
  std::vector<double> measured, predicted;
  for (FbnetBlock block :
       read_fbnet_blocks(std::string(GENSYNTH_SOURCE_DIR) + "/tests/runtime/latency/calibration/fbnet-blocks.csv")) {
    const Architecture network = network_of(block);
    EXPECT_EQ(cost(network).macs, block.macs) << block.place << " " << block.op;
    const double full = model.total(network).value;
    block.op = "skip";
    measured.push_back(block.ms);
    predicted.push_back(full - model.total(network_of(block)).value);
  }
  EXPECT_EQ(measured.size(), 40U);
  EXPECT_GE(pearson_correlation(measured, predicted), 0.95);
  EXPECT_GE(spearman_correlation(measured, predicted), 0.95);
}

}  // namespace
}  // namespace gensynth::latency::calibration
