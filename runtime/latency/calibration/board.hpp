#pragma once

#include <string>
#include <vector>

#include "runtime/latency/devices/device.hpp"

namespace gensynth::latency::calibration {

/// A board without a device file.
struct Board {
  std::string name;
  int cores = 1;
  double macs_per_cycle = 4;  ///< FP32, one core, peak: fused multiply-adds a cycle times lanes
  double memory_gb_s = 0;     ///< bandwidth of one core; 0 means that of the device that the calibration starts from
  double cache_kib = 1024;    ///< the last cache that one core or a few cores share
  int channel_block = 1;      ///< of runtimes that block maps (ONNX Runtime: AVX2 8, AVX-512 16; ARM 1)
  std::vector<double> clocks_ghz;  ///< clocks of the measurements
};

/// The device from which the calibration of a board starts: the constants of `start`, with all rates that depend on the
/// width of vectors (MACs, elements, taps and bytes per cycle) scaled by the ratio of the peaks. None of it counts as
/// calibrated. Throws Error for a board without a name, cores, peak, cache or clock.
latency::devices::Device device_for_board(const latency::devices::Device& start, const Board& board);

}  // namespace gensynth::latency::calibration
