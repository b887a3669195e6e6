#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "runtime/latency/calibration/measurements.hpp"
#include "runtime/latency/devices/device.hpp"

namespace gensynth::latency::calibration {

/// Measurements of one runtime at one precision, prepared for fitting: equal kernels of all networks are stored once.
class LatencySamples {
 public:
  LatencySamples(const std::vector<Measurement>& measurements, const devices::RuntimeData& runtime,
                 const devices::PrecisionData& precision, const model::Hardware& hardware);
  std::size_t size() const { return rows_.size(); }
  /// The predicted ms of each measurement.
  std::vector<double> predict(const model::Parameters& parameters) const;
  /// The MACs per cycle that no kernel can exceed on one core.
  double peak() const { return hardware_.macs_per_cycle * 4 / traits_.element_bytes; }
  double log_ms(std::size_t row) const { return rows_[row].log_ms; }
  double relative_noise(std::size_t row) const { return rows_[row].relative_noise; }
  std::array<model::WorkRange, model::kKernelClasses> work_ranges() const;
  const model::WorkRange& inputs() const { return inputs_; }  ///< see Calibration

 private:
  struct Row {
    std::size_t setting = 0;
    std::size_t network = 0;
    double log_ms = 0;
    double relative_noise = 1;  // noise over that of a network's measurement
  };
  struct Count {
    std::size_t kernel = 0;
    double times = 0;
  };
  model::RuntimeTraits traits_;
  model::Hardware hardware_;
  std::vector<model::Kernel> kernels_;
  std::vector<std::vector<Count>> networks_;
  std::vector<std::pair<int, double>> settings_;  // threads, clock
  model::WorkRange inputs_;
  std::vector<Row> rows_;
};

/// The parameters that fit the rows best, each within its range; see calibrate().
model::Parameters fit_parameters(const LatencySamples& samples, const std::vector<std::size_t>& rows,
                                 const model::Parameters& prior, const model::Parameters& start, double noise);

/// Standard deviations of the logarithms of the fitted parameters, from a linearisation of rows and prior. A parameter
/// that does not affect the rows keeps the spread of its prior.
std::array<double, model::kParameters> uncertainty(const LatencySamples& samples, const std::vector<std::size_t>& rows,
                                                   const model::Parameters& prior, const model::Parameters& fitted,
                                                   double noise);

}  // namespace gensynth::latency::calibration
