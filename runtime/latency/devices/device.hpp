#pragma once

#include <array>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "architecture/precision.hpp"
#include "runtime/latency/model/calibration.hpp"
#include "runtime/latency/model/fusion.hpp"
#include "runtime/latency/model/hardware.hpp"
#include "runtime/latency/model/kernel.hpp"
#include "runtime/latency/model/parameters.hpp"

namespace gensynth::latency::devices {

struct PrecisionData {
  double element_bytes = 4;
  int lanes = 4;
  model::Parameters parameters{};
  std::array<std::string, model::kParameters> sources;  ///< origin of each value
  model::Calibration calibration;
};

struct RuntimeData {
  std::string description;
  int version = 1;
  std::string like;  ///< a similar runtime, whose parameters are the prior of a calibration; or empty
  model::Fusion fusion;
  std::string fusion_source;
  std::array<bool, model::kKernelClasses> threaded{};
  std::map<Precision, PrecisionData> precisions;
  model::RuntimeTraits traits(const PrecisionData& precision) const;
};

/// A device and the runtimes that are known on it: the "gensynth.device" format, version 1 (docs/device.schema.json).
struct Device {
  std::string name;
  std::string description;
  int cores = 1;
  std::string cores_source;
  std::vector<double> clocks_ghz;
  std::string clocks_source;
  double macs_per_cycle = 4;  ///< FP32, one core, peak
  std::string macs_source;
  double l2_bytes = 1 << 20;
  std::string l2_source;
  std::map<std::string, RuntimeData> runtimes;
  model::Hardware hardware() const;
};

/// Throws Error naming source, JSON pointer, value and what was expected.
Device device_from_json(const nlohmann::json& value, const std::string& source);
nlohmann::ordered_json to_json(const Device& device);
std::string to_text(const Device& device);
Device read_device(const std::string& path);

/// The names of the devices that are built into the program.
std::vector<std::string> built_in_devices();
/// Throws Error with the nearest name.
const Device& built_in_device(std::string_view name);
/// Reads a file if `name` ends in ".json", else returns a built-in device. Throws Error like the two functions above.
Device find_device(const std::string& name);

}  // namespace gensynth::latency::devices
