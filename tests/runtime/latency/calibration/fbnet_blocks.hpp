#pragma once

#include <string>
#include <vector>

#include "architecture/architecture.hpp"

namespace gensynth::latency::calibration {

/// A block of FBNet's space (Wu et al. 2019, table 1) on a map of `height` x `height`, and what HW-NAS-Bench measured.
struct FbnetBlock {
  std::string place;  ///< "stage2 first"
  std::string op;     ///< "k5_e6", "k3_e1_g2" or "skip"
  int height = 0;
  int in = 0;
  int out = 0;
  int stride = 1;
  double ms = 0;       ///< measured, minus that of `skip` in the same place
  long long macs = 0;  ///< as published
};

/// Throws Error naming file, row and what was expected.
std::vector<FbnetBlock> read_fbnet_blocks(const std::string& path);
Architecture network_of(const FbnetBlock& block);

}  // namespace gensynth::latency::calibration
