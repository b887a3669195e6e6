#pragma once

#include <string>
#include <vector>

#include "runtime/latency/calibrate.hpp"
#include "runtime/latency/fit.hpp"

namespace gensynth {

/// What every fit of a calibration shares; see calibrate().
struct FitSetting {
  Parameters prior{};
  Parameters start{};
  double noise = 0;
};

/// ms by measurement, each predicted by parameters that were fitted to measurements of other labels. The labels, in
/// order, are dealt to at most `folds` folds in turn. Where all have one label: by the prior.
std::vector<double> predict_held_out(const LatencySamples& samples, const std::vector<std::string>& labels,
                                     const FitSetting& setting, int folds);

/// Of the rows, predicted by `predicted` (a member, ms).
PredictionError prediction_error(const std::vector<CalibratedRow>& rows, double CalibratedRow::*predicted);

/// By name of the family. The error on unseen families is left out where a row has no unseen_ms.
std::vector<FamilyError> family_errors(const std::vector<CalibratedRow>& rows);

}  // namespace gensynth
