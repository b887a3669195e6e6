#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "generator/space/search_space.hpp"
#include "inquisitor/surrogate/measured_constraints.hpp"

namespace gensynth::surrogate {

/// The result of one evaluation. A candidate whose training diverged or failed has no accuracy and no U.
struct Observation {
  std::int64_t trial = 0;
  space::Genotype genotype;
  std::optional<double> accuracy;                       ///< the objective's accuracy metric, in %
  std::optional<double> u;                              ///< dB
  bool feasible = false;                                ///< every hard constraint is met
  std::optional<double> latency_ms = std::nullopt;      ///< predicted
  std::vector<ConstraintObservation> constraints = {};  ///< those that only an evaluation can judge
};

/// All evaluated candidates of a search, in the order in which they were added, with what is derived from them without
/// a model. Not thread-safe while `add` runs.
class ObservationHistory {
 public:
  void add(Observation observation);
  const std::vector<Observation>& all() const { return observations_; }
  bool contains(const space::Genotype& genotype) const;

  std::optional<double> best_u() const { return best_u_; }  ///< the highest U of a feasible observation
  /// Observations that were added after the one with the best U.
  std::size_t since_best() const { return observations_.size() - best_at_; }
  /// The eight feasible observations of the highest U, best first, as indices into `all`.
  const std::vector<std::size_t>& best() const { return best_; }
  /// The observations that models are fitted to, as indices.
  struct TrainingRows {
    std::vector<std::size_t> rows;
    std::size_t base = 0;  ///< the first so many were selected; the others came after that. 0: all are there
  };
  /// All that have an accuracy or a measured constraint. Of more than 800, the 400 with the highest U and 400 spread
  /// evenly over the others, since the cost of a fit grows with the cube of their number, and those that were added
  /// since: the selection is made anew with every 80 of them.
  const TrainingRows& training_rows() const { return training_; }

 private:
  std::vector<Observation> observations_;
  std::unordered_multimap<std::uint64_t, std::size_t> by_fingerprint_;  // of the genotype
  std::vector<std::size_t> best_;
  void select_training_rows();

  TrainingRows training_;
  std::size_t usable_ = 0;  ///< observations that a model can be fitted to
  std::optional<double> best_u_;
  std::size_t best_at_ = 0;
};

}  // namespace gensynth::surrogate
