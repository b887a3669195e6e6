#include "search/run/winner.hpp"

#include <fmt/format.h>

#include "generator/make_space.hpp"
#include "inquisitor/surrogate/winner.hpp"
#include "search/trial/observation.hpp"

namespace gensynth::run {

std::optional<RunWinner> select_winner(const job::Job& job, const store::RunReader& store) {
  const std::unique_ptr<space::SearchSpace> space = generator::make_space(job.space);
  surrogate::ObservationHistory history;
  store.each_evaluated(
      [&](trial::Trial&& trial) { history.add(trial::observation_of(trial, job.objective.accuracy)); });
  const std::optional<surrogate::Winner> winner = surrogate::select_winner(*space, job.objective, history);
  if (!winner) return std::nullopt;
  const auto trial_at = [&](std::size_t observation) { return store.get(history.all()[observation].trial).value(); };
  return RunWinner{trial_at(winner->observation), winner->expected_u, trial_at(winner->best_measured)};
}

std::string winner_remark(const RunWinner& winner) {
  if (winner.trial.id == winner.best_measured.id) return "";
  return fmt::format(
      "trial {} has the highest expected U ({:.2f} dB, measured {:.2f}); trial {} measured higher ({:.2f}), which the "
      "model attributes to the noise of training",
      winner.trial.id, winner.expected_u, winner.trial.u.value_or(0), winner.best_measured.id,
      winner.best_measured.u.value_or(0));
}

}  // namespace gensynth::run
