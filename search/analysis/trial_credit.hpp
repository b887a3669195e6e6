#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <vector>

#include "inquisitor/explanation/credit.hpp"
#include "inquisitor/explanation/idle_vertices.hpp"
#include "search/loop/proposer.hpp"
#include "search/run/run_folder.hpp"

namespace gensynth::analysis {

/// What an inquisitor that has seen the trials of a run thinks of one of them.
struct TrialCredit {
  int observed = 0;  ///< trials with an accuracy that it learned from
  explanation::CandidateCredit credit;
};

/// By a new inquisitor, fitted to the evaluated trials of the store in their order: the same whatever strategy made
/// them, and however often the run was stopped.
TrialCredit credit_trial(const loop::SearchContext& parts, const store::Store& store, const trial::Trial& trial);

/// How the vertices of a trial's network answered its probe, the least responsive first.
struct ProbedVertices {
  Architecture network;
  std::vector<explanation::VertexCredit> vertices;
};
/// Nothing when the trial was not probed. Throws Error naming the file when it is damaged.
std::optional<ProbedVertices> probed_vertices(const run::RunFolder& run, const job::Job& job,
                                              const loop::SearchContext& parts, const trial::Trial& trial);

nlohmann::ordered_json to_json(const TrialCredit& credit, const space::SearchSpace& space);
nlohmann::ordered_json to_json(const ProbedVertices& probed);

}  // namespace gensynth::analysis
