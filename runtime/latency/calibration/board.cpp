#include "runtime/latency/calibration/board.hpp"

#include <algorithm>
#include <cstdio>

#include "architecture/base/error.hpp"

namespace gensynth::latency::calibration {
namespace {

/// The factor for a parameter where vectors are `ratio` times as wide.
double scale_of(const latency::model::LatencyParameterInfo& info, double ratio) {
  if (info.unit == "cycle/element") return 1 / ratio;
  return info.unit.ends_with("/cycle") ? ratio : 1;
}

void check(const Board& board) {
  const auto positive = [&](const char* what, double value) {
    if (!(value > 0)) {
      throw Error("board '" + board.name + "': " + what + " = " + std::to_string(value) + ", expected more than 0");
    }
  };
  if (board.name.empty()) throw Error("board: the name is empty");
  positive("cores", board.cores);
  positive("peak MACs per cycle", board.macs_per_cycle);
  positive("cache in KiB", board.cache_kib);
  if (board.clocks_ghz.empty()) throw Error("board '" + board.name + "': no clock, expected at least one");
  for (const double clock : board.clocks_ghz) positive("clock in GHz", clock);
}

}  // namespace

latency::devices::Device device_for_board(const latency::devices::Device& start, const Board& board) {
  check(board);
  const double ratio = board.macs_per_cycle / start.macs_per_cycle;
  char scaled[60];
  std::snprintf(scaled, sizeof scaled, ", times %.4g, the ratio of the peaks", ratio);
  latency::devices::Device device = start;
  device.name = board.name;
  device.description = "calibrated by its user; constants not fitted are those of " + start.name;
  device.cores = board.cores;
  device.macs_per_cycle = board.macs_per_cycle;
  device.l2_bytes = 1024 * board.cache_kib;
  device.clocks_ghz = board.clocks_ghz;
  std::sort(device.clocks_ghz.begin(), device.clocks_ghz.end());
  device.cores_source = device.macs_source = device.l2_source = "given at calibration";
  device.clocks_source = "of the measurements";
  for (auto& [name, runtime] : device.runtimes) {
    runtime.version = 1;
    if (runtime.fusion.blocks_channels) runtime.fusion.channel_block = board.channel_block;
    const bool blocks = runtime.fusion.channel_block > 1;
    for (auto& [precision, data] : runtime.precisions) {
      data.lanes = blocks
                       ? board.channel_block
                       : std::max(data.lanes, static_cast<int>(data.lanes * ratio / 2));  // two multiply-adds a cycle
      for (std::size_t i = 0; i < latency::model::kParameters; ++i) {
        const latency::model::LatencyParameterInfo& info = latency::model::parameter_infos()[i];
        data.sources[i] = start.name + ": " + data.sources[i];
        // A parameter that the runtime does not use is at the lower end of its range, and stays there.
        const double scale = scale_of(info, ratio);
        if (scale == 1 || data.parameters[i] <= info.low) continue;
        data.parameters[i] = std::clamp(data.parameters[i] * scale, info.low, info.high);
        data.sources[i] += scaled;
      }
      if (board.memory_gb_s > 0) {
        data.parameters[static_cast<std::size_t>(latency::model::Parameter::dram_bandwidth)] = board.memory_gb_s;
        data.sources[static_cast<std::size_t>(latency::model::Parameter::dram_bandwidth)] = "given at calibration";
      }
      data.calibration = {};
      data.calibration.summary = "not measured on this board";
    }
  }
  return device;
}

}  // namespace gensynth::latency::calibration
