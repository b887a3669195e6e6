#pragma once

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <vector>

#include "generator/generator.hpp"
#include "inquisitor/gaussian_process.hpp"
#include "inquisitor/structural_assessment.hpp"
#include "inquisitor/universal_performance.hpp"

namespace gensynth {

/// What became of one candidate that cost compute: its proxy accuracy (or none, when training diverged or the
/// candidate failed), its U, and whether it met every hard constraint.
struct Observation {
  Genotype genotype;
  std::vector<double> features;    ///< architecture_features
  std::optional<double> accuracy;  ///< the objective's accuracy metric, in %
  std::optional<double> u;
  bool feasible = false;
};

/// What the inquisitor believes of a candidate that was not trained.
struct Belief {
  Genotype genotype;
  Assessment assessment;
  double u = 0;          ///< expected; of feasible candidates
  double deviation = 0;  ///< of u
  double merit = 0;      ///< what teaching ranks by: expected improvement, or minus the violation
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
/// evaluations gave, models accuracy as a function of the architecture with its uncertainty, and teaches the
/// generator against that model: constraints, cost and latency are computed for every candidate it looks at, only
/// the accuracy is believed. Deterministic given the observations and the random generator passed.
class Inquisitor {
 public:
  Inquisitor(const SearchSpace& space, const StructuralAssessor& assessor, const UniversalPerformance& u,
             TeachingOptions options = {});

  void observe(Observation observation);
  /// Δθ_G: the sum of `rounds` cross-entropy steps towards the candidates the inquisitor believes best, taken on a
  /// copy of the generator. Hard constraints shape it from the first call on; U once a few evaluations are known.
  GeneratorDelta teach(const Generator& generator, Rng& rng);
  /// Looks at genotypes without training them; results in the order given. Runs on the TBB pool.
  std::vector<Belief> look_at(const std::vector<Genotype>& genotypes) const;
  /// Refits the model when observations came in since. Called by teach; explicit for callers of look_at alone.
  void learn();

  const std::vector<Observation>& observations() const { return observations_; }
  std::optional<double> best_u() const { return best_u_; }

  nlohmann::json state() const;  ///< observations; the model follows from them
  void restore(const nlohmann::json& state);

 private:
  const SearchSpace& space_;
  const StructuralAssessor& assessor_;
  UniversalPerformance performance_;
  TeachingOptions options_;
  /// The step towards the best evaluated candidates: what was measured outweighs what is believed.
  GeneratorDelta towards_the_best(const Generator& pupil, double step) const;

  std::vector<Observation> observations_;
  std::optional<double> best_u_;
  GaussianProcess accuracy_;  ///< of log10(accuracy)
  bool stale_ = true;
};

TeachingOptions teaching_options_from_json(const nlohmann::json& value, const std::string& source,
                                           const std::string& pointer);
nlohmann::ordered_json to_json(const TeachingOptions& options);

}  // namespace gensynth
