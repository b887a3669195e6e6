#pragma once

#include <memory>

#include "inquisitor/teaching/inquisitor.hpp"
#include "inquisitor/teaching/latency_goal.hpp"
#include "search/run/search_context.hpp"
#include "search/store/run_reader.hpp"

namespace gensynth::analysis {

/// A new inquisitor, fitted to the evaluated trials of the store in their order: the same whatever strategy made them,
/// and however often the run was stopped. Refers to `parts`.
std::unique_ptr<teaching::Inquisitor> inquisitor_of_run(const run::SearchContext& parts, const store::RunReader& store);

/// U of candidates that nobody trained: by the predicted top-1 where that is the objective's accuracy, else as
/// `inquisitor_of_run` expects it, less 6 dB whenever the chance that a hard constraint holds which only an evaluation
/// tells is halved. Nothing where too few trials were trained to expect any. Refers to `parts`.
teaching::Worth worth_in_run(const run::SearchContext& parts, const store::RunReader& store);

}  // namespace gensynth::analysis
