#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "runtime/latency/calibration/measurements.hpp"
#include "runtime/latency/devices/device.hpp"

namespace gensynth::latency::calibration {

/// Measurements of one runtime at one precision, made ready for fitting: equal kernels of all networks are kept once.
class LatencySamples {
 public:
  LatencySamples(const std::vector<Measurement>& measurements, const latency::devices::RuntimeData& runtime,
                 const latency::devices::PrecisionData& precision, const latency::devices::Hardware& hardware);
  std::size_t size() const { return rows_.size(); }
  /// ms by measurement.
  std::vector<double> predict(const latency::model::Parameters& parameters) const;
  /// MAC/cycle that no kernel can exceed on one core.
  double peak() const { return hardware_.macs_per_cycle * 4 / traits_.element_bytes; }
  double log_ms(std::size_t row) const { return rows_[row].log_ms; }
  double doubt(std::size_t row) const { return rows_[row].doubt; }
  std::array<latency::model::WorkRange, latency::model::kKernelClasses> work_ranges() const;
  const latency::model::WorkRange& inputs() const { return inputs_; }  ///< see Calibration

 private:
  struct Row {
    std::size_t setting = 0;
    std::size_t network = 0;
    double log_ms = 0;
    double doubt = 1;  // noise over that of a network's measurement
  };
  struct Count {
    std::size_t kernel = 0;
    double times = 0;
  };
  latency::devices::RuntimeTraits traits_;
  latency::devices::Hardware hardware_;
  std::vector<latency::model::Kernel> kernels_;
  std::vector<std::vector<Count>> networks_;
  std::vector<std::pair<int, double>> settings_;  // threads, clock
  latency::model::WorkRange inputs_;
  std::vector<Row> rows_;
};

/// The parameters that fit the rows best, in the range each may have; see calibrate().
latency::model::Parameters fit_parameters(const LatencySamples& samples, const std::vector<std::size_t>& rows,
                                          const latency::model::Parameters& prior,
                                          const latency::model::Parameters& start, double noise);

/// Standard deviations of the fitted parameters' logarithms, linearised there (rows and prior together). One that the
/// rows say nothing of keeps its prior's spread.
std::array<double, latency::model::kParameters> uncertainty(const LatencySamples& samples,
                                                            const std::vector<std::size_t>& rows,
                                                            const latency::model::Parameters& prior,
                                                            const latency::model::Parameters& fitted, double noise);

}  // namespace gensynth::latency::calibration
