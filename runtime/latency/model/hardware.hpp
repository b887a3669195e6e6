#pragma once

#include <array>

#include "runtime/latency/model/kernel.hpp"

namespace gensynth::latency::model {

/// The properties that all runtimes on a device share.
struct Hardware {
  int cores = 1;
  double macs_per_cycle = 4;  ///< FP32, one core, peak
  double nominal_ghz = 1;     ///< the lowest clock known: no throttling there
  double l2_bytes = 1 << 20;  ///< the last cache before memory
};

/// The properties of a runtime, besides its parameters, that the time of a kernel depends on.
struct RuntimeTraits {
  double element_bytes = 4;
  int lanes = 4;                                ///< output channels come in multiples of this
  int channel_block = 1;                        ///< as in Fusion
  bool copies_patches = false;                  ///< as in Fusion
  std::array<bool, kKernelClasses> threaded{};  ///< kernel classes that run on all threads
};

}  // namespace gensynth::latency::model
