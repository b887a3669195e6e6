#pragma once

#include <array>
#include <string>

namespace gensynth::latency::model {

/// The constants of one runtime at one precision on one device, each with a meaning and a unit.
enum class Parameter : int {
  pointwise_rate,
  convolution_rate,
  winograd_gain,
  winograd_weights,
  depthwise_rate,
  depthwise_output,
  depthwise_stride,
  grouped_rate,
  group_overhead,
  linear_rate,
  reduction_half,
  channels_half,
  pixels_half,
  elementwise_rate,
  slow_math_rate,
  pool_rate,
  cache_bandwidth,
  dram_bandwidth,
  dram_thread_gain,
  packing,
  pass_channels,
  exposed,
  serial,
  overhead,
  synchronisation,
  throttling,
  plain_cost,
  bilinear_cost,
  reorder_cost,
  gather_cost,
  row_cost,
  patch_row_cost,
  start_cost
};
constexpr int kParameters = static_cast<int>(Parameter::start_cost) + 1;
using Parameters = std::array<double, kParameters>;

inline double get(const Parameters& parameters, Parameter which) { return parameters[static_cast<std::size_t>(which)]; }

struct LatencyParameterInfo {
  std::string name;  ///< in device files
  std::string unit;
  std::string meaning;
  double low;  ///< the range a device file and a fit may use
  double high;
  double spread;          ///< of the calibration's prior, in natural logarithms
  bool optional = false;  ///< a device file may omit it where the runtime has no such cost; its value is then `low`
};
/// In the order of the enumeration.
const std::array<LatencyParameterInfo, kParameters>& parameter_infos();

}  // namespace gensynth::latency::model
