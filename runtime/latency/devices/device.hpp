#pragma once

#include <array>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/latency/model/calibration.hpp"
#include "runtime/latency/model/fusion.hpp"
#include "runtime/latency/model/kernel.hpp"
#include "runtime/latency/model/parameters.hpp"

namespace gensynth::latency::devices {

/// What all runtimes on a device share.
struct Hardware {
  int cores = 1;
  double macs_per_cycle = 4;  ///< FP32, one core, peak
  double nominal_ghz = 1;     ///< the lowest clock known: no throttling there
  double l2_bytes = 1 << 20;  ///< the last cache before memory
};

/// What the time of a kernel needs to know of a runtime besides its parameters.
struct RuntimeTraits {
  double element_bytes = 4;
  int lanes = 4;                                                ///< output channels come in multiples of this
  int channel_block = 1;                                        ///< of Fusion
  bool copies_patches = false;                                  ///< of Fusion
  std::array<bool, latency::model::kKernelClasses> threaded{};  ///< kernel classes that run on all threads
};

struct PrecisionData {
  double element_bytes = 4;
  int lanes = 4;
  latency::model::Parameters parameters{};
  std::array<std::string, latency::model::kParameters> sources;  ///< where each value comes from
  latency::model::Calibration calibration;
};

struct RuntimeData {
  std::string description;
  int version = 1;
  std::string like;  ///< a runtime of the same make, whose parameters are the prior of a calibration; or empty
  latency::model::Fusion fusion;
  std::string fusion_source;
  std::array<bool, latency::model::kKernelClasses> threaded{};
  std::map<std::string, PrecisionData> precisions;
  RuntimeTraits traits(const PrecisionData& precision) const;
};

/// A device and the runtimes known on it: the "gensynth.device" format, version 1 (docs/device.schema.json).
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
  Hardware hardware() const;
};

/// Throws Error naming source, JSON pointer, value and what was expected.
Device device_from_json(const nlohmann::json& value, const std::string& source);
nlohmann::ordered_json to_json(const Device& device);
std::string to_text(const Device& device);
Device read_device(const std::string& path);

/// The devices that ship in the program.
std::vector<std::string> built_in_devices();
/// Throws Error with the nearest name.
const Device& built_in_device(std::string_view name);
/// A file if it ends in ".json", else one of those that ship.
Device find_device(const std::string& name);

}  // namespace gensynth::latency::devices
