#include "inquisitor/surrogate/winner.hpp"

namespace gensynth::surrogate {

std::optional<Winner> select_winner(const space::SearchSpace& space,
                                    const assessment::UniversalPerformance& performance,
                                    const ObservationHistory& history) {
  if (history.best().empty()) return std::nullopt;
  const std::size_t best_measured = history.best().front();
  const Winner measured{best_measured, *history.all()[best_measured].u, best_measured};
  if (!performance.accuracy_is_measured()) return measured;
  CandidateModels models(space, performance);
  models.fit(history);
  if (!models.expected_best()) return measured;
  return Winner{models.expected_best()->observation, models.expected_best()->u, best_measured};
}

}  // namespace gensynth::surrogate
