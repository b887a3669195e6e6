#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "inquisitor/modes/mode_search.hpp"
#include "inquisitor/surrogate/acquisition.hpp"
#include "inquisitor/surrogate/candidate_models.hpp"
#include "inquisitor/surrogate/observation_history.hpp"
#include "inquisitor/teaching/teaching.hpp"

namespace gensynth::inquisitor {

/// The inquisitor I (generative synthesis, arXiv:1809.05989; paper, section 2.2): joins the observations, the models
/// fitted to them, the acquisition values of candidates and the teaching of the generator. Deterministic given the
/// observations and the random generator passed. Not thread-safe; the arguments of the constructor must outlive it.
class Inquisitor {
 public:
  /// `cache` must be of the same space and assessor; without one the inquisitor makes its own.
  Inquisitor(const space::SearchSpace& space, const assessment::StructuralAssessor& assessor,
             const assessment::UniversalPerformance& performance, teaching::TeachingOptions options = {},
             std::shared_ptr<const surrogate::CandidateCache> cache = nullptr,
             surrogate::AccuracySource source = surrogate::AccuracySource::measured);

  void observe(surrogate::Observation observation);
  /// Refits the models if there are new observations. `teach` does so itself; call it before `predict`.
  void fit();
  /// Predicts candidates without evaluating them, in the order given. Runs on the TBB pool.
  std::vector<surrogate::CandidatePrediction> predict(const std::vector<space::Genotype>& genotypes) const;
  /// Predicts like `predict` and returns what a walk climbs: the expected U in dB with the probability of feasibility
  /// (`expected_value`), less `caution` standard deviations of U. A walk goes where a model errs in its favour; caution
  /// keeps it near what was measured. Nothing for a rejected candidate, or as long as U is not modelled.
  modes::Evaluate evaluator(double caution) const;
  /// Δθ_G towards candidates of high acquisition value. Hard constraints shape it from the first call on, U as soon as
  /// a few evaluations are known.
  teaching::TeachingResult teach(const distribution::Generator& generator, Rng& rng);

  const surrogate::ObservationHistory& history() const { return history_; }
  const surrogate::CandidateModels& models() const { return models_; }  ///< as of the last `fit`
  double uncertainty_inflation() const { return surrogate::uncertainty_inflation(history_.since_best()); }

  /// The hyperparameters of the models: all that the observations do not determine. Complete if nothing was observed
  /// since the last `fit`, or if the restored inquisitor fits at the same observation.
  nlohmann::json state() const;
  /// For an inquisitor that was given the same observations in the same order.
  void restore(const nlohmann::json& state);

 private:
  teaching::TeachingOptions options_;
  std::shared_ptr<const surrogate::CandidateCache> cache_;
  surrogate::ObservationHistory history_;
  surrogate::CandidateModels models_;
  surrogate::Acquisition acquisition_;
  bool stale_ = true;  // observations came in, or a state was restored, since the last fit
};

}  // namespace gensynth::inquisitor
