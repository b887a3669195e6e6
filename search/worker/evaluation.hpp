#pragma once

#include <functional>
#include <optional>

#include "runtime/data/dataset.hpp"
#include "search/proposer.hpp"
#include "search/run_folder.hpp"
#include "search/trial.hpp"

namespace gensynth {

/// The dear stages of assessment, for one trial: plugin constraints, probe, proxy training in rungs, constraints on
/// what was measured, U. Fills the trial and returns it in its final state (scored, rejected, pruned or failed);
/// `on_rung` hears of every rung. Weights of a trained trial go to the run's checkpoints; an interrupted training
/// goes on from where it was. Runs in a process of its own (worker_loop.hpp).
Trial evaluate_trial(Trial trial, const Job& job, const JobParts& parts, const Dataset* data, const RunFolder& run,
                     const std::function<void(const Trial&)>& on_rung);

}  // namespace gensynth
