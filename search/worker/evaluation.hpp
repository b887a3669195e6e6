#pragma once

#include <functional>
#include <optional>

#include "runtime/data/dataset.hpp"
#include "search/run/run_folder.hpp"
#include "search/run/search_context.hpp"
#include "search/trial/trial.hpp"

namespace gensynth::worker {

/// The expensive stages of assessment, for one trial: plugin constraints, probe, proxy training in rungs, constraints
/// on what was measured, U. Fills the trial and returns it in its final state (scored, rejected, pruned or failed);
/// `on_rung` hears of every rung. Weights of a trained trial go to the run's checkpoints; an interrupted training
/// goes on from where it was. Runs in a process of its own (worker_loop.hpp).
trial::Trial evaluate_trial(trial::Trial trial, const job::Job& job, const run::SearchContext& parts,
                            const data::Dataset* data, const run::RunFolder& run,
                            const std::function<void(const trial::Trial&)>& on_rung);

}  // namespace gensynth::worker
