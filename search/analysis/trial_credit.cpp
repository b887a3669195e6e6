#include "search/analysis/trial_credit.hpp"

#include <filesystem>

#include "architecture/base/json_reader.hpp"
#include "architecture/rewrite/proxy_network.hpp"
#include "search/analysis/run_beliefs.hpp"

namespace gensynth::analysis {
namespace {

std::vector<DecisionLabels> labels_of(const explanation::CandidateCredit& credit, const space::SearchSpace& space) {
  std::vector<DecisionLabels> labels;
  for (const explanation::DecisionCredit& d : credit.decisions) {
    DecisionLabels label{space.label(d.decision, d.answer), {}};
    for (const explanation::Alternative& a : d.alternatives)
      label.alternatives.push_back(space.label(d.decision, a.answer));
    labels.push_back(std::move(label));
  }
  return labels;
}

}  // namespace

TrialCredit credit_trial(const run::SearchContext& parts, const store::RunReader& store, const trial::Trial& trial) {
  const std::unique_ptr<const teaching::Inquisitor> inquisitor = inquisitor_of_run(parts, store);
  TrialCredit result;
  for (const teaching::Observation& seen : inquisitor->observations()) result.observed += seen.accuracy ? 1 : 0;
  result.credit =
      explanation::credit_decisions(*parts.space, parts.assessor, parts.performance, inquisitor->surrogate(),
                                    inquisitor->measured_constraints(), trial.genotype);
  result.labels = labels_of(result.credit, *parts.space);
  return result;
}

std::optional<ProbedVertices> probed_vertices(const run::RunFolder& run, const job::Job& job,
                                              const run::SearchContext& parts, const trial::Trial& trial) {
  const std::string path = run.probe(trial.id);
  if (!std::filesystem::exists(path)) return std::nullopt;
  const probe::ProbeResult result = probe::probe_from_json(read_json_file(path), path);
  Architecture network = parts.space->build(trial.genotype);
  // The probed network has as many outputs as the data has classes.
  if (job.data.classes > 0) {
    network = proxy_network(network, network.shape(network.input()).height, job.data.classes);
  }
  std::vector<explanation::VertexCredit> vertices = explanation::credit_vertices(network, result);
  return ProbedVertices{std::move(network), std::move(vertices)};
}

}  // namespace gensynth::analysis
