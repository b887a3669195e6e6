#pragma once

#include <string>

#include "constraints/constraint.hpp"
#include "inquisitor/surrogate/observation_history.hpp"
#include "search/trial/trial.hpp"

namespace gensynth::trial {

/// A trial as the inquisitor sees it, without the constraints. `accuracy` is the name of the objective's metric.
surrogate::Observation observation_of(const Trial& trial, const std::string& accuracy);
/// The same with the constraints that only the evaluation could judge. `constraints` are the job's.
surrogate::Observation observation_of(const Trial& trial, const std::string& accuracy,
                                      const constraints::ConstraintSet& constraints);

}  // namespace gensynth::trial
