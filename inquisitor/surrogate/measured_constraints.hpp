#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "constraints/constraint.hpp"
#include "inquisitor/surrogate/gaussian_process.hpp"

namespace gensynth::surrogate {

/// The result of a constraint that only an evaluation can judge (on measured metrics, or of a plugin) for an evaluated
/// candidate.
struct ConstraintObservation {
  std::string constraint;
  bool hard = true;
  double weight = 1;
  double excess = 0;  ///< relative to the bound: the violation if > 0, minus the margin if <= 0
};
ConstraintObservation constraint_observation(const constraints::Verdict& verdict);

/// Prediction of those constraints for a candidate that was not evaluated.
struct FeasibilityPrediction {
  double probability = 1;  ///< that a measurement meets all hard ones
  double penalty = 0;      ///< expected penalty of the soft ones, in dB of U
};

/// Prediction of one constraint.
struct ConstraintPrediction {
  std::string constraint;
  bool hard = true;
  double probability = 1;
  double excess = 0;  ///< median, relative to the bound
  int evaluated = 0;  ///< number of candidates that the model is fitted to
};

/// One Gaussian process per measured constraint models its excess, transformed by asinh. Constraints are assumed to be
/// independent given the architecture (Gardner et al. 2014, section 3). A constraint with fewer than `kMinObservations`
/// observations is not modelled.
class MeasuredConstraints {
 public:
  struct Row {
    const features::Description* description;
    const std::vector<ConstraintObservation>* observations;
  };
  void set_reference(std::vector<std::vector<double>> values) { reference_ = std::move(values); }
  /// Keeps no reference to `rows`.
  void fit(const std::vector<Row>& rows);
  /// Whether at least one constraint is modelled.
  bool fitted() const;
  std::vector<FeasibilityPrediction> predict(const std::vector<const features::Description*>& candidates) const;
  /// Predictions by candidate, then by constraint in alphabetical order.
  std::vector<std::vector<ConstraintPrediction>> by_constraint(
      const std::vector<const features::Description*>& candidates) const;

  nlohmann::json state() const;  ///< with the rows, all that predictions depend on
  void restore(const nlohmann::json& state);

 private:
  struct Model {
    GaussianProcess process;
    std::size_t searched_with = 0;  ///< number of rows when hyperparameters were last optimised
    bool hard = true;
    double weight = 1;
    double scale = 1;  ///< excess is divided by it before asinh
    int evaluated = 0;
  };
  std::vector<std::vector<double>> reference_;
  std::map<std::string, Model> models_;
};

constexpr std::size_t kMinObservations = 6;

}  // namespace gensynth::surrogate
