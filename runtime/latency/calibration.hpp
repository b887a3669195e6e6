#pragma once

#include <array>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "runtime/latency/kernel.hpp"

namespace gensynth {

class JsonReader;

inline constexpr int kMostCores = 1024;  ///< of a device, and so threads of a measurement

/// Sizes a calibration saw: of kernels (see work()), or of inputs.
struct WorkRange {
  double low = 0;
  double high = 0;
  bool seen() const { return high > 0; }
};

/// Cross-validated error on a family of networks, in %.
struct FamilyError {
  std::string family;
  int networks = 0;
  int measurements = 0;
  double mape = 0;                    ///< each network held out, with its group
  double bias = 0;                    ///< the same: predicted over measured, geometric mean, less one
  std::optional<double> unseen_mape;  ///< the whole family held out; none where no other family was measured
  std::optional<double> unseen_bias;
};

/// How a precision's parameters were found and how good they are.
struct Calibration {
  std::vector<int> threads;        ///< of the measurements; empty = not calibrated
  std::vector<double> clocks_ghz;  ///< of the measurements
  int measurements = 0;
  double interval = 0.7;  ///< half width of the 90 % interval, in natural logarithms, on networks not fitted
  std::string summary;    ///< where from, and the cross-validated error
  std::array<WorkRange, kKernelClasses> ranges{};
  WorkRange inputs;  ///< extents of the networks' inputs, in pixels, microbenchmarks left out; not seen: not recorded
  std::vector<FamilyError> families;  ///< by name; empty: not recorded
};

/// As a device file keeps it. Throws Error naming source, JSON pointer, value and what was expected.
Calibration calibration_from_json(JsonReader reader);
nlohmann::ordered_json to_json(const Calibration& calibration);
nlohmann::ordered_json to_json(const FamilyError& error);

/// Positive numbers under `key`. Throws Error.
std::vector<double> clocks_from_json(JsonReader& reader, const std::string& key);

}  // namespace gensynth
