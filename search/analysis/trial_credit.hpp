#pragma once

#include <optional>
#include <string>
#include <vector>

#include "inquisitor/explanation/credit.hpp"
#include "inquisitor/explanation/idle_vertices.hpp"
#include "search/run/run_folder.hpp"
#include "search/run/search_context.hpp"
#include "search/store/run_reader.hpp"

namespace gensynth::analysis {

/// The texts of one decision of the candidate: its own answer, and the alternatives in the order of the credit.
struct DecisionLabels {
  std::string answer;
  std::vector<std::string> alternatives;
};

/// The value of the decisions of one candidate, by an inquisitor fitted to the trials of a run.
struct TrialCredit {
  int observed = 0;  ///< trials with an accuracy that it learned from
  explanation::CandidateCredit credit;
  std::vector<DecisionLabels> labels;  ///< by decision of the credit
};

/// Computed with a new inquisitor that is fitted to the evaluated trials of the store in their order: the result
/// depends neither on the strategy of the run nor on how often it was stopped.
TrialCredit credit_trial(const run::SearchContext& parts, const store::RunReader& store, const trial::Trial& trial);

/// The responses of the vertices of a trial's network to its probe, the least responsive first.
struct ProbedVertices {
  Architecture network;
  std::vector<explanation::VertexCredit> vertices;
};
/// Nothing when the trial was not probed. Throws Error naming the file when it is damaged.
std::optional<ProbedVertices> probed_vertices(const run::RunFolder& run, const job::Job& job,
                                              const run::SearchContext& parts, const trial::Trial& trial);

}  // namespace gensynth::analysis
