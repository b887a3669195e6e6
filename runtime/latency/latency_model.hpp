#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "architecture/metrics.hpp"
#include "architecture/rewrite/folded_view.hpp"

namespace gensynth::latency {

/// What the network will run on. Device and runtime name data files (runtime/latency/devices/).
struct LatencyTarget {
  std::string device = "cortex-a72";
  std::string runtime = "tflite-ruy";
  int threads = 1;
  double clock_ghz = 1.5;
  std::string precision = "fp32";  ///< "fp32", "int8" where measured
};

/// What takes the most of a kernel's time; the fixed cost of each row of patches laid out beforehand counts as compute.
enum class KernelBound { compute, memory, overhead };
const char* to_string(KernelBound bound);

/// One fused kernel: a convolution with its batch norm and activation, say.
struct KernelLatency {
  std::vector<int> vertices;  ///< of the architecture given, first the one that names it; what was folded into it, too
  std::string kernel_class;   ///< "pointwise", "depthwise", "conv3x3", "blur", "resize", ...
  std::int64_t macs = 0;
  std::int64_t bytes = 0;  ///< read and written, weights included
  double ms = 0;
  KernelBound bound = KernelBound::compute;
  bool in_range = true;  ///< inside what the runtime's data was calibrated on
};

struct LatencyEstimate {
  double ms = 0;
  double low = 0;  ///< 90 % interval
  double high = 0;
  bool in_range = true;
  std::vector<std::string> notes;      ///< why the interval is wide, if it is
  std::vector<KernelLatency> kernels;  ///< in execution order
};

/// Predicts the latency of one inference (batch 1). Immutable and thread-safe. Sum over fused kernels of
/// max(compute, memory), exposed x min(compute, memory), patches laid out beforehand and overhead (roofline; Williams
/// et al. 2009), with constants from data files only.
class LatencyModel {
 public:
  /// A device whose name ends in ".json" is a file of the user's own ("gensynth.device" format).
  /// Throws Error naming the nearest device or runtime, or the clocks, threads and precisions there are.
  explicit LatencyModel(const LatencyTarget& target);
  /// A device file of the user's own ("gensynth.device" format).
  LatencyModel(const LatencyTarget& target, const std::string& device_file);
  ~LatencyModel();
  LatencyModel(LatencyModel&&) noexcept;
  LatencyModel& operator=(LatencyModel&&) noexcept;

  /// Of the network as deployed: folded first (architecture/fold.hpp), unless it is wanted as given.
  LatencyEstimate estimate(const Architecture& architecture, Form form = Form::deployed) const;
  /// The total and its interval alone: no per-kernel record, for the inner loop of a search.
  Quantity total(const Architecture& architecture, Form form = Form::deployed) const;
  const LatencyTarget& target() const;
  const std::string& version() const;  ///< "cortex-a72/tflite-ruy 1", part of a prediction's source

  static std::vector<std::string> devices();
  /// Those of a device, by name or file, that have `precision`. Throws Error when there are none.
  static std::vector<std::string> runtimes(const std::string& device, const std::string& precision = "fp32");

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace gensynth::latency
