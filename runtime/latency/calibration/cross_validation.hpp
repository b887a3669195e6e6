#pragma once

#include <string>
#include <vector>

#include "runtime/latency/calibration/calibrate.hpp"
#include "runtime/latency/calibration/fit.hpp"

namespace gensynth::latency::calibration {

/// The settings that all fits of a calibration share; see calibrate().
struct FitSetting {
  latency::model::Parameters prior{};
  latency::model::Parameters start{};
  double noise = 0;
};

/// The prediction in ms for each measurement, by parameters that were fitted to measurements with other labels. The
/// sorted labels are assigned to at most `folds` folds in turn. If all have one label, the prior predicts.
std::vector<double> predict_held_out(const LatencySamples& samples, const std::vector<std::string>& labels,
                                     const FitSetting& setting, int folds);

/// Prediction error over `rows`; `predicted` selects the prediction to compare with the measurement, in ms.
latency::model::PredictionError prediction_error(const std::vector<CalibratedRow>& rows,
                                                 double CalibratedRow::*predicted);

/// Prediction errors of the rows with each value of `label`, sorted by it. The error on unseen families is omitted
/// where a row has no unseen_ms.
std::vector<latency::model::SubsetError> errors_by(const std::vector<CalibratedRow>& rows,
                                                   std::string Measurement::*label);

/// Half width, in natural logarithms, of the interval in which nine of ten predictions should lie, from residuals of
/// networks held out: their conformal quantile (Vovk et al. 2005; the ceil(0.9 (n + 1))-th of n). Fewer than nine
/// residuals have no such quantile: then it is the largest of them, and at least the interval of Student's t for their
/// root mean square.
double conformal_half_width(const std::vector<double>& residuals);

}  // namespace gensynth::latency::calibration
