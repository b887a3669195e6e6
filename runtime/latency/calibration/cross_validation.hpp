#pragma once

#include <string>
#include <vector>

#include "runtime/latency/calibration/calibrate.hpp"
#include "runtime/latency/calibration/fit.hpp"

namespace gensynth::latency::calibration {

/// What every fit of a calibration shares; see calibrate().
struct FitSetting {
  latency::model::Parameters prior{};
  latency::model::Parameters start{};
  double noise = 0;
};

/// ms by measurement, each predicted by parameters that were fitted to measurements of other labels. The labels, in
/// order, are dealt to at most `folds` folds in turn. Where all have one label: by the prior.
std::vector<double> predict_held_out(const LatencySamples& samples, const std::vector<std::string>& labels,
                                     const FitSetting& setting, int folds);

/// Of the rows, predicted by `predicted` (a member, ms).
latency::model::PredictionError prediction_error(const std::vector<CalibratedRow>& rows,
                                                 double CalibratedRow::*predicted);

/// Of the rows that have the same `label`, by its name. The error on unseen families is left out where a row has no
/// unseen_ms.
std::vector<latency::model::SubsetError> errors_by(const std::vector<CalibratedRow>& rows,
                                                   std::string Measurement::*label);

/// Half width, in natural logarithms, of the interval in which nine of ten predictions should lie, from residuals of
/// networks held out: their conformal quantile (Vovk et al. 2005; the ceil(0.9 (n + 1))-th of n). Of less than nine
/// residuals no quantile is that far out: then at least what Student's t gives for their root mean square.
double conformal_half_width(const std::vector<double>& residuals);

}  // namespace gensynth::latency::calibration
