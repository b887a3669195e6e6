#include "runtime/latency/target_options.hpp"

namespace gensynth::latency {
namespace {

OptionList<LatencyTarget> declare() {
  OptionList<LatencyTarget> options;
  options.add("name", &LatencyTarget::device, anything(), "device to predict latency for, or a device file");
  options.add("runtime", &LatencyTarget::runtime, anything(), "inference runtime on the device");
  options.add("threads", &LatencyTarget::threads, between(1, 256), "threads of one inference");
  options.add("clock_ghz", &LatencyTarget::clock_ghz, between(0.1, 10), "core clock in GHz");
  EnumNames<Precision> precisions;
  for (const Precision precision : all_precisions()) precisions.emplace_back(precision, to_string(precision));
  options.add_enum("precision", &LatencyTarget::precision, precisions, "number format, one that the device file has");
  return options;
}

}  // namespace

const OptionList<LatencyTarget>& target_options() {
  static const OptionList<LatencyTarget> options = declare();
  return options;
}

}  // namespace gensynth::latency
