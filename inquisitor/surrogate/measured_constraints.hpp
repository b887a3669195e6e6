#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "constraints/constraint.hpp"
#include "inquisitor/surrogate/gaussian_process.hpp"

namespace gensynth::surrogate {

/// How an evaluated candidate stood to a constraint that only an evaluation tells: one on measured metrics, or a
/// plugin's.
struct ConstraintObservation {
  std::string constraint;
  bool hard = true;
  double weight = 1;
  double excess = 0;  ///< relative to the bound: > 0 violated by so much, <= 0 met with so much to spare
};
ConstraintObservation constraint_observation(const constraints::Verdict& verdict);

/// What is believed of those constraints for a candidate that was not evaluated.
struct FeasibilityPrediction {
  double probability = 1;  ///< that a measurement would meet all hard ones
  double penalty = 0;      ///< expected, of the soft ones, in dB of U
};

/// The same by constraint.
struct ConstraintPrediction {
  std::string constraint;
  bool hard = true;
  double probability = 1;
  double excess = 0;  ///< median, relative to the bound
  int evaluated = 0;  ///< candidates that it was learned from
};

/// One Gaussian process of the excess for each constraint, in units in which a large one counts like its logarithm.
/// Constraints are taken for independent given the architecture (Gardner et al. 2014, section 3). A constraint that
/// fewer candidates than `kMinObservations` were measured by is not believed anything of.
class MeasuredConstraints {
 public:
  struct Row {
    const features::Description* description;
    const std::vector<ConstraintObservation>* margins;
  };
  void set_reference(std::vector<std::vector<double>> values) { reference_ = std::move(values); }
  /// `rows` are needed during the call only.
  void learn(const std::vector<Row>& rows);
  /// Some constraint is believed something of.
  bool fitted() const;
  std::vector<FeasibilityPrediction> predict(const std::vector<const features::Description*>& candidates) const;
  /// By candidate, then by constraint in alphabetical order.
  std::vector<std::vector<ConstraintPrediction>> by_constraint(
      const std::vector<const features::Description*>& candidates) const;

  nlohmann::json state() const;  ///< with the rows all that the beliefs depend on
  void restore(const nlohmann::json& state);

 private:
  struct Model {
    GaussianProcess process;
    std::size_t searched_with = 0;  ///< rows, when its parameters were last searched for
    bool hard = true;
    double weight = 1;
    double scale = 1;  ///< excess from which on it counts like its logarithm
    int evaluated = 0;
  };
  std::vector<std::vector<double>> reference_;
  std::map<std::string, Model> models_;
};

constexpr std::size_t kMinObservations = 6;

}  // namespace gensynth::surrogate
