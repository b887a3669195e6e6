#pragma once

#include <optional>
#include <string>
#include <vector>

#include "runtime/latency/calibration/board.hpp"
#include "runtime/latency/calibration/measurements.hpp"
#include "runtime/latency/devices/device.hpp"

namespace gensynth::latency::calibration {

/// One measurement with the predictions for it.
struct CalibratedRow {
  Measurement measurement;
  double fitted_ms = 0;    ///< by the model fitted to all measurements
  double held_out_ms = 0;  ///< by the model fitted to the other groups
  double unseen_ms = 0;    ///< by the model fitted to the other families; 0 if there is no other
};

struct RuntimeCalibration {
  std::string runtime;
  Precision precision = Precision::float32;
  latency::model::Parameters before{};
  latency::model::Parameters after{};
  std::array<double, latency::model::kParameters>
      uncertainties{};  ///< of `after`: standard deviations of logarithms, linearised
  std::vector<CalibratedRow> rows;
  latency::model::PredictionError fitted;
  latency::model::PredictionError held_out;
  std::vector<latency::model::SubsetError> families;  ///< by name
  std::vector<latency::model::SubsetError> sources;   ///< of the measurements, by name; "" where the file names none
};

struct CalibrationReport {
  latency::devices::Device device;  ///< with the new parameters
  std::vector<RuntimeCalibration> runtimes;
  std::vector<latency::model::SubsetError> sources;  ///< of the measurements of all runtimes, by name
};

struct CalibrationOptions {
  double noise = 0.06;       ///< of a measurement, in natural logarithms: sets its weight against the prior
  double independent = 100;  ///< the largest number of measurements that count as independent of each other
  int folds = 20;            ///< of the cross-validation; groups are dealt to them in turn
};

/// Fits the parameters of every runtime and precision that the measurements name, by robust nonlinear least squares on
/// the logarithm of latency (Levenberg-Marquardt, pseudo-Huber loss) with a log-normal prior around the device's
/// values. Cross-validates by leaving out groups, and again by leaving out families. Throws Error naming the
/// row for a runtime, precision, clock or number of threads that the device does not know.
CalibrationReport calibrate(const std::vector<Measurement>& measurements, const latency::devices::Device& device,
                            const CalibrationOptions& options = {});

/// Reads a CSV, calibrates and writes the new device file; with a board, a device of that name (its clocks are those of
/// the measurements, its runtimes those measured). Throws Error and writes nothing when anything is wrong, or when
/// `out` is the file of the measurements.
CalibrationReport calibrate_file(const std::string& measurements, const std::string& device, const std::string& out,
                                 const std::optional<Board>& board = std::nullopt);

/// Whether the rows, not the prior, determine the parameter: they at least halve the prior's spread.
bool is_determined(const RuntimeCalibration& result, std::size_t parameter);

/// Tables of errors, errors by family and by source, parameters before and after, and residuals by row.
std::string to_text(const CalibrationReport& report);

}  // namespace gensynth::latency::calibration
