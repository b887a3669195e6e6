#pragma once

#include <cstddef>
#include <optional>

#include "inquisitor/surrogate/candidate_models.hpp"

namespace gensynth::surrogate {

/// The result of a search, as indices into the history of its evaluated candidates.
struct Winner {
  std::size_t observation = 0;
  double expected_u = 0;          ///< dB; the measured U where accuracy is exact or not modelled
  std::size_t best_measured = 0;  ///< the observation of the highest measured U; the first of equals
};

/// Selects the result of a search among its feasible evaluated candidates; nothing if there is none.
///
/// Where accuracy is measured by training, it is noisy, and the highest measurement is partly luck. Then the winner has
/// the highest expected U by a model that is fitted to all observations, among the `kExpectedBestCandidates` best
/// measured ones. With fewer than `kMinAccuracyObservations` accuracies, and where accuracy is computed from the
/// structure and therefore exact, the highest U wins. Depends on the observations and their order only, not on the
/// strategy. The fit takes about as long as one proposal of Bayesian optimisation; runs on the TBB pool.
std::optional<Winner> select_winner(const space::SearchSpace& space,
                                    const assessment::UniversalPerformance& performance,
                                    const ObservationHistory& history);

}  // namespace gensynth::surrogate
