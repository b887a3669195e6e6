#pragma once

#include <memory>

#include "inquisitor/inquisitor.hpp"
#include "inquisitor/teaching/latency_goal.hpp"
#include "search/run/search_context.hpp"
#include "search/store/run_reader.hpp"

namespace gensynth::analysis {

/// A new inquisitor, fitted to the evaluated trials of the store in the order of their ordinals. It does not depend on
/// the strategy of the run or on how often the run was stopped. Refers to `parts`.
std::unique_ptr<inquisitor::Inquisitor> inquisitor_of_run(const run::SearchContext& parts,
                                                          const store::RunReader& store);

/// Utility of candidates that were not trained. If the objective's accuracy is the predicted top-1, it is U. Otherwise
/// it is the U that `inquisitor_of_run` predicts plus 20 log10 of the probability that the measured hard constraints
/// are met, so that halving the probability costs 6 dB; null while too few trials were trained. Refers to `parts`.
teaching::Utility utility_in_run(const run::SearchContext& parts, const store::RunReader& store);

}  // namespace gensynth::analysis
