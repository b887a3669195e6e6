#include "search/analysis/trial_credit.hpp"

#include <filesystem>
#include <nlohmann/json.hpp>

#include "architecture/base/json_reader.hpp"
#include "architecture/rewrite/proxy_network.hpp"
#include "search/analysis/run_beliefs.hpp"

namespace gensynth::analysis {
namespace {

using nlohmann::ordered_json;

void put(ordered_json& into, const std::optional<explanation::Advantage>& advantage) {
  into["credit"] = advantage ? ordered_json(advantage->u) : ordered_json();
  into["deviation"] = advantage ? ordered_json(advantage->deviation) : ordered_json();
  into["accuracy_part"] = advantage ? ordered_json(advantage->accuracy) : ordered_json();
}

}  // namespace

TrialCredit credit_trial(const loop::SearchContext& parts, const store::Store& store, const trial::Trial& trial) {
  const std::unique_ptr<const teaching::Inquisitor> inquisitor = inquisitor_of_run(parts, store);
  TrialCredit result;
  for (const teaching::Observation& seen : inquisitor->observations()) result.observed += seen.accuracy ? 1 : 0;
  result.credit =
      explanation::credit_decisions(*parts.space, parts.assessor, parts.performance, inquisitor->surrogate(),
                                    inquisitor->measured_constraints(), trial.genotype);
  return result;
}

std::optional<ProbedVertices> probed_vertices(const run::RunFolder& run, const job::Job& job,
                                              const loop::SearchContext& parts, const trial::Trial& trial) {
  const std::string path = run.path + "/probes/trial-" + std::to_string(trial.id) + ".json";
  if (!std::filesystem::exists(path)) return std::nullopt;
  const probe::ProbeResult result = probe::probe_from_json(read_json_file(path), path);
  Architecture network = parts.space->build(trial.genotype);
  // What was probed: the data's classes decide how much the last layer puts out.
  if (job.data.classes > 0) {
    network = proxy_network(network, network.shape(network.input()).height, job.data.classes);
  }
  std::vector<explanation::VertexCredit> vertices = explanation::credit_vertices(network, result);
  return ProbedVertices{std::move(network), std::move(vertices)};
}

ordered_json to_json(const TrialCredit& credit, const space::SearchSpace& space) {
  ordered_json decisions = ordered_json::array();
  for (const explanation::DecisionCredit& d : credit.credit.decisions) {
    ordered_json decision = {{"decision", d.decision.name}, {"answer", space.label(d.decision, d.answer)}};
    put(decision, d.credit);
    decision["compared"] = d.compared;
    decision["feasibility"] = trial::number_or_null(d.feasibility);
    decision["alternatives"] = ordered_json::array();
    for (const explanation::Alternative& a : d.alternatives) {
      ordered_json alternative = {{"answer", space.label(d.decision, a.answer)}};
      put(alternative, a.advantage);
      alternative["feasible"] = a.feasible;
      alternative["rule"] = a.rule.empty() ? ordered_json() : ordered_json(a.rule);
      alternative["violation"] = a.violation;
      alternative["same_network"] = a.same_network;
      decision["alternatives"].push_back(std::move(alternative));
    }
    decisions.push_back(std::move(decision));
  }
  ordered_json measured = ordered_json::array();
  for (const surrogate::ConstraintPrediction& c : credit.credit.measured) {
    measured.push_back({{"constraint", c.constraint},
                        {"hard", c.hard},
                        {"probability", c.probability},
                        {"relative_excess", c.excess},
                        {"evaluated", c.evaluated}});
  }
  return {{"basis", to_string(credit.credit.basis)},
          {"observed", credit.observed},
          {"needed", teaching::kObservationsToBelieve},
          {"u", trial::number_or_null(credit.credit.u)},
          {"deviation", credit.credit.u ? ordered_json(credit.credit.deviation) : ordered_json()},
          {"feasible", credit.credit.feasible},
          {"violation", credit.credit.violation},
          {"measured_constraints", std::move(measured)},
          {"decisions", std::move(decisions)}};
}

ordered_json to_json(const ProbedVertices& probed) {
  ordered_json result = ordered_json::array();
  for (const explanation::VertexCredit& v : probed.vertices) {
    const Vertex& vertex = probed.network[v.vertex];
    result.push_back({{"vertex", vertex.id},
                      {"role", to_string(vertex.placement.role)},
                      {"idle", v.idle},
                      {"response_share", v.response},
                      {"dead_channels", v.dead},
                      {"params", v.params},
                      {"params_share", v.params_share},
                      {"macs", v.macs},
                      {"macs_share", v.macs_share}});
  }
  return result;
}

}  // namespace gensynth::analysis
