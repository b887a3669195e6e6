#include "search/report/runs/credit_json.hpp"

#include <nlohmann/json.hpp>

#include "inquisitor/teaching/inquisitor.hpp"

namespace gensynth::report::runs {
namespace {

using nlohmann::ordered_json;

void put(ordered_json& into, const std::optional<explanation::Advantage>& advantage) {
  into["credit"] = advantage ? ordered_json(advantage->u) : ordered_json();
  into["deviation"] = advantage ? ordered_json(advantage->deviation) : ordered_json();
  into["accuracy_part"] = advantage ? ordered_json(advantage->accuracy) : ordered_json();
}

}  // namespace

ordered_json credit_json(const analysis::TrialCredit& credit) {
  ordered_json decisions = ordered_json::array();
  for (std::size_t i = 0; i < credit.credit.decisions.size(); ++i) {
    const explanation::DecisionCredit& d = credit.credit.decisions[i];
    const analysis::DecisionLabels& labels = credit.labels[i];
    ordered_json decision = {{"decision", d.decision.name}, {"answer", labels.answer}};
    put(decision, d.credit);
    decision["compared"] = d.compared;
    decision["feasibility"] = trial::number_or_null(d.feasibility);
    decision["alternatives"] = ordered_json::array();
    for (std::size_t k = 0; k < d.alternatives.size(); ++k) {
      const explanation::Alternative& a = d.alternatives[k];
      ordered_json alternative = {{"answer", labels.alternatives[k]}};
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

ordered_json vertices_json(const analysis::ProbedVertices& probed) {
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

}  // namespace gensynth::report::runs
