#pragma once

#include <optional>
#include <string>

#include "search/job/job.hpp"
#include "search/store/run_reader.hpp"
#include "search/trial/trial.hpp"

namespace gensynth::run {

/// The result of a run, as inquisitor/surrogate/winner.hpp selects it among the evaluated trials of the store.
struct RunWinner {
  trial::Trial trial;
  double expected_u = 0;  ///< dB
  trial::Trial best_measured;
};

/// Nothing as long as no evaluated trial is feasible. Needs no plugin of the job.
std::optional<RunWinner> select_winner(const job::Job& job, const store::RunReader& store);

/// One sentence when the winner is not the trial of the highest measured U; else "".
std::string winner_remark(const RunWinner& winner);

}  // namespace gensynth::run
