#pragma once

#include "runtime/latency/model/hardware.hpp"
#include "runtime/latency/model/kernel.hpp"
#include "runtime/latency/model/parameters.hpp"

namespace gensynth::latency::model {

/// The parts of a kernel's time, in ms. Its latency is max(compute, memory), plus the share of the shorter that is not
/// hidden (an in-order memory system hides little), plus patches (both parts) and overhead.
struct KernelTime {
  double compute = 0;
  double memory = 0;
  double patch_compute = 0;  ///< copying the patches of a convolution before it starts: a fixed cost for each row
  double patch_memory = 0;   ///< copying the patches: their bytes
  double overhead = 0;
  double total = 0;
};

/// Computes the time of kernels at one clock and number of threads.
class KernelCostModel {
 public:
  KernelCostModel(const Parameters& parameters, const RuntimeTraits& traits, const Hardware& hardware, int threads,
                  double clock_ghz);
  KernelTime operator()(const Kernel& kernel) const;
  double bytes(const Kernel& kernel) const;  ///< read and written once, weights included
  double start_ms() const;                   ///< once for each inference
  /// The time at the core's peak and the memory's bandwidth, whichever is longer; no prediction is below it.
  double least_ms(const Kernel& kernel) const;

 private:
  void lay_out_patches(const Kernel& kernel, KernelTime& time) const;
  /// Elements computed over elements needed, where channels are padded to whole blocks.
  double padding(const Kernel& kernel) const;
  bool is_laid_out(const Kernel& kernel) const;
  double compute_cycles(const Kernel& kernel) const;
  double used(Parameter which) const;  ///< 0 for a cost that the runtime does not have
  double product_cycles(const Kernel& kernel, double rate, double pixels) const;

  Parameters p_;
  RuntimeTraits traits_;
  double cache_bytes_;
  double peak_;  ///< multiply-accumulates of one core in a cycle, at the precision
  int threads_;
  double ms_per_cycle_;
  bool winograd_used_ = false;
  double parallel_ = 1;       // time of a threaded kernel over its time on one thread
  double ms_per_byte_cache_;  // one thread
  double ms_per_byte_dram_;   // all threads
  double overhead_ms_;
  double synchronisation_ms_;
};

}  // namespace gensynth::latency::model
