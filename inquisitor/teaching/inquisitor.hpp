#pragma once

#include <limits>
#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <unordered_map>
#include <vector>

#include "generator/distribution/generator.hpp"
#include "inquisitor/assessment/pareto_front.hpp"
#include "inquisitor/assessment/structural_assessment.hpp"
#include "inquisitor/assessment/universal_performance.hpp"
#include "inquisitor/surrogate/accuracy_surrogate.hpp"
#include "inquisitor/surrogate/candidate_cache.hpp"
#include "inquisitor/surrogate/measured_constraints.hpp"

namespace gensynth::teaching {

/// What became of one candidate that cost compute: its proxy accuracy (or none, when training diverged or the
/// candidate failed), its U, and whether it met every hard constraint.
struct Observation {
  std::int64_t trial = 0;
  space::Genotype genotype;
  std::optional<double> accuracy;  ///< the objective's accuracy metric, in %
  std::optional<double> u;
  bool feasible = false;
  std::optional<double> latency_ms = std::nullopt;             ///< predicted
  std::vector<surrogate::ConstraintObservation> margins = {};  ///< to the constraints that only its evaluation told
};

/// Fewer trained candidates than this say nothing about accuracy that the prior does not.
constexpr std::size_t kObservationsToBelieve = 6;

/// What the inquisitor believes of a candidate that was not trained.
struct CandidatePrediction {
  space::Genotype genotype;
  assessment::Assessment assessment;
  double u = 0;          ///< expected; of candidates that meet what can be told without evaluation
  double deviation = 0;  ///< of u
  /// That an evaluation would find the other hard constraints met.
  double feasibility = 1;
  /// What teaching ranks by: expected improvement times `feasibility`; `feasibility` alone as long as no feasible
  /// candidate or nothing of accuracy is known; minus the violation where that can be told without evaluation.
  double merit = 0;
  /// Expected growth of the area that feasible observations dominate, in % x ms, out to the slowest of them, times
  /// `feasibility`.
  double expected_hypervolume_improvement = 0;
};

struct TeachingOptions {
  int rounds = 12;   ///< cheap steps between two real evaluations
  int samples = 24;  ///< candidates looked at per step
  double elite_share = 0.25;
  double step = 0.35;        ///< of the cross-entropy update
  double memory = 0.5;       ///< share of a step that goes towards the best candidates that were really evaluated
  double forgetting = 0.02;  ///< share of θ that each step gives back, so that no choice dies out
};

/// The inquisitor I (generative synthesis, arXiv:1809.05989; paper, section 2.2). It remembers what real
/// evaluations gave, models accuracy, and by how much each constraint that only an evaluation tells is met or violated,
/// as functions of the architecture with their uncertainty, and teaches the generator against these models: all other
/// constraints, cost and latency are computed for every candidate it looks at. Deterministic given the observations and
/// the random generator passed.
class Inquisitor {
 public:
  /// `cache`: of the same space and assessor, where several share it.
  Inquisitor(const space::SearchSpace& space, const assessment::StructuralAssessor& assessor,
             const assessment::UniversalPerformance& u, TeachingOptions options = {},
             std::shared_ptr<const surrogate::CandidateCache> cache = nullptr);

  void observe(Observation observation);
  /// Δθ_G: the sum of `rounds` cross-entropy steps towards the candidates the inquisitor believes best, taken on a
  /// copy of the generator. Hard constraints shape it from the first call on; U once a few evaluations are known.
  /// `looked_at`: also hands over all beliefs about feasible candidates that the copies sampled on the way.
  distribution::GeneratorDelta teach(const distribution::Generator& generator, Rng& rng,
                                     std::vector<CandidatePrediction>* looked_at = nullptr);
  /// What the last call of `teach` showed the generator as feasible before anything was observed: distinct samples as
  /// it emitted them untaught. Empty where it needed none.
  const std::vector<space::Genotype>& examples() const { return examples_; }
  /// Looks at genotypes without training them; results in the order given. Runs on the TBB pool.
  std::vector<CandidatePrediction> look_at(const std::vector<space::Genotype>& genotypes) const;
  /// Refits the model when observations came in since. Called by teach; explicit for callers of look_at alone.
  void learn();

  const std::vector<Observation>& observations() const { return observations_; }
  std::optional<double> best_u() const { return best_u_; }
  /// Its model of accuracy, as of the last `learn`.
  const surrogate::AccuracySurrogate& surrogate() const { return surrogate_; }
  /// Its model of the constraints that only evaluations told.
  const surrogate::MeasuredConstraints& measured_constraints() const { return measured_; }
  bool knows(const space::Genotype& genotype) const;
  /// Factor by which its uncertainty grows when trials bring no new best: 1, and up to 4.
  double doubt() const;
  /// The observed trial of the highest expected U: what it measured, less what the model takes for noise. Nothing
  /// before the model knows enough.
  std::optional<std::int64_t> believed_best();

  /// The parameters of its models: all that the observations don't tell. Complete when nothing was observed since the
  /// last `learn`, or the one who goes on learns at the same observation.
  nlohmann::json state() const;
  /// For an inquisitor that was told the same observations in the same order.
  void restore(const nlohmann::json& state);

 private:
  void learn_accuracy(const std::vector<std::size_t>& rows);
  /// u, deviation and merit of beliefs about candidates that meet what can be told without evaluation.
  void believe_in_accuracy(const std::vector<const features::Description*>& descriptions,
                           const std::vector<surrogate::FeasibilityPrediction>& outlooks,
                           const std::vector<CandidatePrediction*>& of) const;
  /// The step towards the best evaluated candidates: what was measured outweighs what is believed.
  distribution::GeneratorDelta towards_the_best(const distribution::Generator& pupil, double step) const;
  std::vector<char> judge(const std::vector<space::Genotype>& genotypes) const;
  /// Before anything was observed: where few samples are feasible, those that are found show the generator what
  /// feasible networks of every kind look like. Steps towards the nearest to feasible alone would end at one of them.
  distribution::GeneratorDelta first_lesson(const distribution::Generator& generator, Rng& rng);
  /// Which observations the models are fitted to: all that tell something, until they are too many.
  std::vector<std::size_t> rows_to_learn() const;

  const space::SearchSpace& space_;
  assessment::UniversalPerformance performance_;
  TeachingOptions options_;
  std::shared_ptr<const surrogate::CandidateCache> cache_;
  std::vector<space::Genotype> examples_;
  std::vector<Observation> observations_;
  std::unordered_multimap<std::uint64_t, std::size_t> known_;  ///< fingerprint of the genotype, observation
  std::vector<std::size_t> remembered_;                        ///< the best feasible observations, best first
  std::optional<double> best_u_;
  std::size_t best_at_ = 0;                                  ///< the observation that set it
  assessment::ParetoFront front_;                            ///< of feasible observations: accuracy by latency
  double slowest_ms_ = 0;                                    ///< of them
  double lowest_ = std::numeric_limits<double>::infinity();  ///< accuracy of them
  surrogate::AccuracySurrogate surrogate_;
  surrogate::MeasuredConstraints measured_;
  std::map<std::size_t, features::Description> rows_;  ///< by observation: what the models are fitted to
  std::optional<double> incumbent_;                    ///< U to improve upon
  std::optional<std::size_t> believed_best_;
  bool stale_ = true;
};

TeachingOptions teaching_options_from_json(const nlohmann::json& value, const std::string& source,
                                           const std::string& pointer);
nlohmann::ordered_json to_json(const TeachingOptions& options);

}  // namespace gensynth::teaching
