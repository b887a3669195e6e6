#pragma once

#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <vector>

#include "inquisitor/assessment/universal_performance.hpp"
#include "inquisitor/surrogate/accuracy_surrogate.hpp"
#include "inquisitor/surrogate/candidate_cache.hpp"
#include "inquisitor/surrogate/observation_history.hpp"

namespace gensynth::surrogate {

/// Accuracy is modelled from this number of evaluated candidates on.
constexpr std::size_t kMinAccuracyObservations = 6;
/// The evaluated candidate of the highest expected U is looked for among this number of the best measured ones: a model
/// that takes too much for noise must not prefer a candidate that measured badly.
constexpr int kExpectedBestCandidates = 10;

/// The models' prediction for a candidate that was not evaluated.
struct CandidatePrediction {
  space::Genotype genotype;
  assessment::Assessment assessment;
  /// Transformed log10(accuracy) (TargetTransform). Nothing when the assessment rejects the candidate or accuracy is
  /// not modelled yet; then u and u_deviation are 0.
  std::optional<GaussianPrediction> accuracy = std::nullopt;
  double u = 0;            ///< expected, dB
  double u_deviation = 0;  ///< standard deviation of u, dB
  double feasibility = 1;  ///< probability that an evaluation finds the measured hard constraints met
  /// The value that teaching and Bayesian optimisation rank by (Acquisition).
  double acquisition = 0;
  /// Expected growth of the hypervolume of accuracy by latency, times `feasibility`, in % x ms.
  double expected_hypervolume_improvement = 0;
};

/// Where the accuracy of the objective comes from.
enum class AccuracySource {
  measured,  ///< by evaluations, with noise: it is modelled for other candidates
  exact      ///< computed from the structure: known for every candidate
};

/// Models of accuracy and of each measured constraint as functions of the architecture, fitted to a history of
/// observations. Deterministic given the sequence of histories that it was fitted to.
class CandidateModels {
 public:
  CandidateModels(const space::SearchSpace& space, const assessment::UniversalPerformance& performance,
                  AccuracySource source = AccuracySource::measured);

  void fit(const ObservationHistory& history);
  /// Predictions distinguish feasible candidates.
  bool fitted() const { return exact() || accuracy_.fitted() || constraints_.fitted(); }
  /// Accuracy and U need no model; `accuracy` is never fitted, and the deviations of predictions are 0.
  bool exact() const { return source_ == AccuracySource::exact; }
  /// Predictions need the descriptions of candidates.
  bool needs_descriptions() const { return !exact() || constraints_.fitted(); }
  /// Predictions without acquisition values, in the order of the candidates. Runs on the TBB pool.
  std::vector<CandidatePrediction> predict(const std::vector<space::Genotype>& genotypes,
                                           const std::vector<std::shared_ptr<const Candidate>>& candidates) const;

  const AccuracySurrogate& accuracy() const { return accuracy_; }
  const MeasuredConstraints& constraints() const { return constraints_; }
  /// dB of U per power of ten of accuracy.
  double decibels_per_decade() const { return 20 * performance_.alpha; }

  /// The feasible observation of the highest expected U (its measured U without the noise that the model estimates)
  /// among the `kExpectedBestCandidates` best measured ones, as of the last fit.
  struct ExpectedBest {
    std::size_t observation = 0;  ///< index into the history
    double u = 0;
  };
  const std::optional<ExpectedBest>& expected_best() const { return expected_best_; }
  /// U to improve upon: the expected best, at most the best measured U.
  std::optional<double> incumbent() const { return incumbent_; }

  nlohmann::json state() const;               ///< hyperparameters: with the history, all that a fit depends on
  void restore(const nlohmann::json& state);  ///< throws nlohmann::json::exception for a state of another format

 private:
  void describe_rows(const ObservationHistory& history, const std::vector<std::size_t>& chosen);
  /// The first `base` rows stay the same over many fits; 0 when all are there.
  void fit_accuracy(const ObservationHistory& history, const std::vector<std::size_t>& rows, std::size_t base);
  void find_exact_best(const ObservationHistory& history);
  void predict_u(const std::vector<const features::Description*>& descriptions,
                 const std::vector<FeasibilityPrediction>& feasibility,
                 const std::vector<CandidatePrediction*>& predictions) const;

  const space::SearchSpace& space_;
  assessment::UniversalPerformance performance_;
  AccuracySource source_;
  AccuracySurrogate accuracy_;
  MeasuredConstraints constraints_;
  std::map<std::size_t, features::Description> rows_;  // by observation
  std::optional<ExpectedBest> expected_best_;
  std::optional<double> incumbent_;
};

}  // namespace gensynth::surrogate
