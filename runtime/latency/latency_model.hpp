#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "architecture/metrics.hpp"
#include "architecture/precision.hpp"
#include "architecture/rewrite/folded_view.hpp"

namespace gensynth::latency {

/// The target of a prediction. Device and runtime are names from device files (runtime/latency/devices/).
struct LatencyTarget {
  std::string device = "cortex-a72";
  std::string runtime = "tflite-ruy";
  int threads = 1;
  double clock_ghz = 1.5;
  Precision precision = Precision::float32;
};

/// The part that takes most of a kernel's time. The fixed cost of each row of copied patches counts as compute.
enum class KernelBound { compute, memory, overhead };
const char* to_string(KernelBound bound);

/// One fused kernel, for example a convolution with its batch norm and activation.
struct KernelLatency {
  std::vector<int>
      vertices;  ///< of the given architecture, the one that names the kernel first; folded vertices are included
  std::string kernel_class;  ///< "pointwise", "depthwise", "conv3x3", "blur", "resize", ...
  std::int64_t macs = 0;
  std::int64_t bytes = 0;  ///< read and written, weights included
  double ms = 0;
  KernelBound bound = KernelBound::compute;
  bool in_range = true;  ///< inside the sizes that the runtime was calibrated on
};

struct LatencyEstimate {
  double ms = 0;
  double low = 0;  ///< 90 % interval
  double high = 0;
  bool in_range = true;
  std::vector<std::string> notes;      ///< reasons for a wide interval
  std::vector<KernelLatency> kernels;  ///< in execution order
};

/// Predicts the latency of one inference (batch 1). Immutable and thread-safe. The latency is
/// the sum over fused kernels of max(compute, memory), exposed x min(compute, memory), the copying of patches, and
/// overhead (roofline; Williams et al. 2009). All constants come from data files.
class LatencyModel {
 public:
  /// A device whose name ends in ".json" is a file of the user ("gensynth.device" format). Throws Error naming the
  /// nearest device or runtime, or the known clocks, threads and precisions.
  explicit LatencyModel(const LatencyTarget& target);
  /// Uses the device in a file ("gensynth.device" format).
  LatencyModel(const LatencyTarget& target, const std::string& device_file);
  ~LatencyModel();
  LatencyModel(LatencyModel&&) noexcept;
  LatencyModel& operator=(LatencyModel&&) noexcept;

  /// Predicts the network as deployed, that is folded (architecture/rewrite/fold.hpp), or as given.
  LatencyEstimate estimate(const Architecture& architecture, Form form = Form::deployed) const;
  /// The total, its interval and the share of it in kernels unlike those measured (Quantity::unmeasured), without
  /// records of kernels: for the inner loop of a search.
  Quantity total(const Architecture& architecture, Form form = Form::deployed) const;
  const LatencyTarget& target() const;
  const std::string& version() const;  ///< "cortex-a72/tflite-ruy 1", part of a prediction's source

  static std::vector<std::string> devices();
  /// The runtimes of a device (a name or file) that have `precision`. Throws Error when there are none.
  static std::vector<std::string> runtimes(const std::string& device, Precision precision = Precision::float32);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace gensynth::latency
