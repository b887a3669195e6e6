#include "tests/runtime/latency/calibration/fbnet_blocks.hpp"

#include <regex>
#include <sstream>
#include <stdexcept>

#include "architecture/base/error.hpp"
#include "architecture/base/file.hpp"

namespace gensynth::latency::calibration {
namespace {

int convolve(ArchitectureBuilder& b, int v, const Convolution& op, bool relu) {
  v = b.add(BatchNorm{}, b.add(op, v));
  return relu ? b.add(Activation{}, v) : v;
}

}  // namespace

std::vector<FbnetBlock> read_fbnet_blocks(const std::string& path) {
  std::istringstream file(read_file(path));
  std::vector<FbnetBlock> blocks;
  std::string line;
  std::getline(file, line);  // position_group, layers_in_group, h_in, cin, cout, stride, op, ms, macs, macs of skip
  for (int row = 2; std::getline(file, line); ++row) {
    std::vector<std::string> fields;
    std::istringstream in(line);
    for (std::string field; std::getline(in, field, ',');) fields.push_back(field);
    static const std::regex operation("skip|k[35]_e[136](_g2)?");
    try {
      if (!std::regex_match(fields.at(6), operation)) throw std::invalid_argument(fields[6]);
      blocks.push_back({fields.at(0), fields.at(6), std::stoi(fields.at(2)), std::stoi(fields.at(3)),
                        std::stoi(fields.at(4)), std::stoi(fields.at(5)), std::stod(fields.at(7)),
                        std::stoll(fields.at(8))});
    } catch (const std::logic_error&) {
      throw Error(path + ": row " + std::to_string(row) + ": '" + line +
                  "', expected ten fields, the seventh an operation such as k5_e6 or k3_e1_g2, numbers after the first "
                  "but for it");
    }
  }
  return blocks;
}

Architecture network_of(const FbnetBlock& block) {
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

}  // namespace gensynth::latency::calibration
