// FBNet's blocks on a Raspberry Pi 4 (HW-NAS-Bench): differences to `skip` that no constant was fitted to.

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>

#include "architecture/cost.hpp"
#include "runtime/latency/latency_model.hpp"
#include "runtime/latency/prediction_error.hpp"

namespace gensynth {
namespace {

struct Block {
  int height = 0, in = 0, out = 0, stride = 0;
  std::string op;
};

int convolve(ArchitectureBuilder& b, int v, Convolution op, bool relu) {
  v = b.add(BatchNorm{}, b.add(op, v));
  return relu ? b.add(Activation{}, v) : v;
}

/// "k5_e6", "k3_e1_g2" or "skip".
Architecture block_network(const Block& block) {
  ArchitectureBuilder b("block", Shape{Layout::map, block.in, block.height, block.height});
  int v = b.input();
  const bool same = block.stride == 1 && block.in == block.out;
  if (block.op == "skip") {
    v = same ? b.add(Dropout{}, v)
             : convolve(b, v, {.out_channels = block.out, .stride = {block.stride, block.stride}}, true);
    return b.build(v);
  }
  const int kernel = block.op[1] - '0';
  const int middle = block.in * (block.op[4] - '0');
  const int groups = block.op.size() > 5 ? 2 : 1;
  v = convolve(b, v, {.out_channels = middle, .groups = groups}, true);
  if (groups > 1) v = b.add(ChannelShuffle{groups}, v);
  v = convolve(b, v,
               {.out_channels = middle,
                .kernel = {kernel, kernel},
                .stride = {block.stride, block.stride},
                .padding = {kernel / 2, kernel / 2},
                .groups = middle},
               true);
  v = convolve(b, v, {.out_channels = block.out, .groups = groups}, false);
  return b.build(same ? b.add(Add{}, {v, b.input()}) : v);
}

TEST(FbnetBlocks, DifferencesCorrelateWithMeasurements) {
  const char* shared = std::getenv("GENSYNTH_SHARED");
  std::ifstream file(std::string(shared ? shared : "") + "/a72/fbnet_raspi4_blocks.csv");
  if (!shared || !file) GTEST_SKIP() << "GENSYNTH_SHARED does not name the folder of measurements";
  const LatencyModel model({.runtime = "hw-nas-bench"});
  std::vector<double> measured, predicted;
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    std::vector<std::string> fields;
    std::istringstream in(line);
    for (std::string field; std::getline(in, field, ',');) fields.push_back(field);
    ASSERT_EQ(fields.size(), 10u) << line;
    Block block{std::stoi(fields[2]), std::stoi(fields[3]), std::stoi(fields[4]), std::stoi(fields[5]), fields[6]};
    const Architecture network = block_network(block);
    EXPECT_EQ(cost(network).macs, std::stoll(fields[8])) << line;
    const double full = model.total(network).value;
    block.op = "skip";
    measured.push_back(std::stod(fields[7]));
    predicted.push_back(full - model.total(block_network(block)).value);
  }
  EXPECT_GE(correlation(measured, predicted), 0.95);
  EXPECT_GE(spearman(measured, predicted), 0.95);
}

}  // namespace
}  // namespace gensynth
