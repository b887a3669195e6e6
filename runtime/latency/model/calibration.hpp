#pragma once

#include <array>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "runtime/latency/model/kernel.hpp"

namespace gensynth {
class JsonReader;
}

namespace gensynth::latency::model {

inline constexpr int kMostCores = 1024;  ///< of a device, and so threads of a measurement

/// Sizes a calibration saw: of kernels (see work()), or of inputs.
struct WorkRange {
  double low = 0;
  double high = 0;
  bool seen() const { return high > 0; }
};

/// How far predictions are from measurements.
struct PredictionError {
  double mape = 0;                ///< mean absolute percentage error
  double median = 0;              ///< median absolute percentage error
  std::optional<double> kendall;  ///< rank correlation tau-b, the mean over series (what is compared is on one
                                  ///< setting); none where no series has three rows
  std::optional<double> spearman;
};

/// Cross-validated error on some of the measurements, such as those of a family of networks, in %.
struct SubsetError {
  std::string name;
  int networks = 0;
  int measurements = 0;
  double mape = 0;                    ///< each network held out, with its group
  double bias = 0;                    ///< the same: predicted over measured, geometric mean, less one
  std::optional<double> unseen_mape;  ///< whole families held out; none where no other family was measured
  std::optional<double> unseen_bias;
};

/// How a precision's parameters were found and how good they are.
struct Calibration {
  std::vector<int> threads;        ///< of the measurements; empty = not calibrated
  std::vector<double> clocks_ghz;  ///< of the measurements
  int measurements = 0;
  double interval = 0.7;  ///< half width of the 90 % interval, in natural logarithms, on networks not fitted
  std::optional<PredictionError> held_out;  ///< each network held out, with its group; none: not recorded
  std::string summary;                      ///< where from, and the cross-validated error
  std::array<WorkRange, latency::model::kKernelClasses> ranges{};
  WorkRange inputs;  ///< extents of the networks' inputs, in pixels, microbenchmarks left out; not seen: not recorded
  std::vector<SubsetError> families;  ///< by name; empty: not recorded
};

/// As a device file keeps it. Throws Error naming source, JSON pointer, value and what was expected.
Calibration calibration_from_json(JsonReader reader);
nlohmann::ordered_json to_json(const Calibration& calibration);
nlohmann::ordered_json to_json(const PredictionError& error);
/// The name under `key`, "family" in a device file.
nlohmann::ordered_json to_json(const SubsetError& error, const std::string& key);

/// Positive numbers under `key`. Throws Error.
std::vector<double> clocks_from_json(JsonReader& reader, const std::string& key);

}  // namespace gensynth::latency::model
