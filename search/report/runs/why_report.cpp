#include "search/report/runs/why_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "inquisitor/inquisitor.hpp"
#include "search/report/format.hpp"
#include "search/report/runs/credit_json.hpp"
#include "search/report/table.hpp"

namespace gensynth::report::runs {
namespace {

/// Not known: it overflowed, or no step was taken since the rung before.
std::string loss_text(double loss) { return std::isfinite(loss) ? number_text(loss, 3) : "-"; }

using analysis::TrialExplanation;
using explanation::CreditBasis;
using explanation::DecisionCredit;

constexpr std::size_t kDecisionsShown = 6;  ///< maximum number shown of those that helped, and of those that hurt
constexpr std::size_t kVerticesShown = 8;

std::string verdicts_text(const trial::Trial& trial) {
  if (trial.verdicts.empty()) return "";
  Table table({"constraint", "kind", "verdict", "measured", "bound", "violation", "message"});
  table.optional({"violation", "bound", "kind"});
  for (const constraints::Verdict& v : trial.verdicts) {
    table.row({v.constraint, v.hard ? "hard" : "soft", v.satisfied ? "met" : "violated",
               fmt::format("{:.4g} {}", v.measured, v.unit), fmt::format("{:.4g}", v.bound),
               fmt::format("{:.4g}", v.violation), v.message});
  }
  return table.text() + "\n";
}

std::string rungs_text(const trial::Trial& trial) {
  if (trial.rungs.empty()) return "";
  Table table({"after images", "train loss", "hold-out loss", "top-1 %", "needed to go on %"});
  for (std::size_t i = 0; i < trial.rungs.size(); ++i) {
    const trial::Rung& r = trial.rungs[i];
    const double floor = i < trial.prune_below.size() ? trial.prune_below[i] : 0;
    table.row({std::to_string(r.images), loss_text(r.train_loss), loss_text(r.loss), number_text(r.top1),
               floor > 0 ? number_text(floor) : "-"});
  }
  return table.text() + "\n";
}

std::string events_text(const TrialExplanation& why) {
  Table table({"event", "from", "to", "what"});
  table.optional({"from"});
  for (const trial::Event& e : why.events) table.row({to_string(e.kind), e.from, e.to, e.reason});
  return table.text() + fmt::format("\ncompute spent: {:.1f} core-seconds\n", why.trial.core_seconds);
}

/// The choices that the candidate's own choice was compared with.
std::string compared_with(const analysis::TrialCredit& trial, std::size_t decision) {
  const DecisionCredit& d = trial.credit.decisions[decision];
  std::vector<std::string> labels;
  for (std::size_t k = 0; k < d.alternatives.size(); ++k) {
    if (d.alternatives[k].feasible || !trial.credit.feasible) labels.push_back(trial.labels[decision].alternatives[k]);
  }
  return joined_text(labels);
}

std::string advantage_text(const explanation::Advantage& advantage, CreditBasis basis) {
  return basis == CreditBasis::computed ? fmt::format("{:+.2f} dB", advantage.u)
                                        : fmt::format("{:+.2f} dB ± {:.2f}", advantage.u, advantage.deviation);
}

std::string credited_text(const std::string& heading, const std::vector<std::size_t>& decisions,
                          const analysis::TrialCredit& trial) {
  if (decisions.empty()) return "";
  Table table({heading, "by accuracy", "decision", "answer", "rather than"});
  table.optional({"by accuracy"});
  for (std::size_t i = 0; i < std::min(decisions.size(), kDecisionsShown); ++i) {
    const DecisionCredit& d = trial.credit.decisions[decisions[i]];
    table.row({advantage_text(*d.credit, trial.credit.basis), fmt::format("{:+.2f}", d.credit->accuracy),
               d.decision.name, trial.labels[decisions[i]].answer, compared_with(trial, decisions[i])});
  }
  std::string text = "\n" + table.text();
  if (decisions.size() > kDecisionsShown) text += fmt::format("and {} more\n", decisions.size() - kDecisionsShown);
  return text;
}

std::string credit_text(const TrialExplanation& why) {
  const explanation::CandidateCredit& credit = why.credit.credit;
  if (credit.basis == CreditBasis::unknown) {
    return fmt::format("\nno decision is credited yet: {} trials have an accuracy, the inquisitor needs {}\n",
                       why.credit.observed, surrogate::kMinAccuracyObservations);
  }
  const bool computed = credit.basis == CreditBasis::computed;
  std::string text =
      computed ? fmt::format("\nU {:.2f} dB; accuracy and credit are computed from the structure\n", *credit.u)
               : fmt::format("\nU {:.2f} dB ± {:.2f}, predicted by the inquisitor from {} trials with an accuracy\n",
                             *credit.u, credit.deviation, why.credit.observed);
  text += credited_text("helped", why.helped, why.credit) + credited_text("hurt", why.hurt, why.credit);
  if (why.unsure == 0) return text;
  return text + fmt::format("\n{} decisions make no difference{}\n", why.unsure,
                            computed ? "" : " that is larger than its uncertainty (one standard deviation)");
}

std::string changes_text(const TrialExplanation& why) {
  const explanation::CandidateCredit& credit = why.credit.credit;
  if (why.changes.empty()) {
    return fmt::format("\nhard constraints (computed): no single decision {}\n",
                       credit.feasible ? "would break one" : "would reduce their violation");
  }
  Table table(credit.feasible
                  ? std::vector<std::string>{"hard constraints depend on", "answer", "broken by", "constraint"}
                  : std::vector<std::string>{"nearer to the hard constraints by", "answer", "instead", "still violated",
                                             "violation left"});
  for (std::size_t i = 0; i < std::min(why.changes.size(), kDecisionsShown); ++i) {
    const analysis::SingleChange& change = why.changes[i];
    std::vector<std::string> row = {credit.decisions[change.decision].decision.name,
                                    why.credit.labels[change.decision].answer, joined_text(change.answers),
                                    change.rules.empty() ? "-" : joined_text(change.rules)};
    if (!credit.feasible) row.push_back(fmt::format("{:.3g} of {:.3g}", change.violation, credit.violation));
    table.row(std::move(row));
  }
  std::string text = "\n" + table.text();
  if (why.changes.size() > kDecisionsShown) text += fmt::format("and {} more\n", why.changes.size() - kDecisionsShown);
  return text;
}

/// Constraints that only an evaluation can judge, as the inquisitor predicts them.
std::string measured_text(const TrialExplanation& why) {
  const explanation::CandidateCredit& credit = why.credit.credit;
  if (credit.measured.empty()) return "";
  Table table({"needs training", "kind", "P(satisfied)", "predicted measurement", "learned from"});
  table.optional({"learned from", "kind"});
  for (const surrogate::ConstraintPrediction& c : credit.measured) {
    table.row({c.constraint, c.hard ? "hard" : "soft", fmt::format("{:.0f} %", 100 * c.probability),
               fmt::format("{:.1f} % {} the bound", 100 * std::abs(c.excess), c.excess > 0 ? "beyond" : "within"),
               fmt::format("{} trials", c.evaluated)});
  }
  std::string text = "\n" + table.text();
  if (why.feasibility_decisions.empty()) return text;
  Table decisions({"change of P(feasible)", "decision", "answer", "rather than"});
  for (std::size_t i = 0; i < std::min(why.feasibility_decisions.size(), kDecisionsShown); ++i) {
    const std::size_t decision = why.feasibility_decisions[i];
    const DecisionCredit& d = credit.decisions[decision];
    decisions.row({fmt::format("{:+.0f} %", 100 * *d.feasibility), d.decision.name, why.credit.labels[decision].answer,
                   compared_with(why.credit, decision)});
  }
  return text + "\n" + decisions.text();
}

std::string vertices_text(const std::optional<analysis::ProbedVertices>& probed) {
  if (!probed) return "\nno vertex is credited: the trial was not probed\n";
  std::size_t idle = 0;
  double params = 0, macs = 0;
  for (const explanation::VertexCredit& v : probed->vertices) {
    if (!v.idle) continue;
    ++idle;
    params += v.params_share;
    macs += v.macs_share;
  }
  std::vector<explanation::VertexCredit> shown = probed->vertices;
  std::stable_sort(
      shown.begin(), shown.end(),
      [](const explanation::VertexCredit& a, const explanation::VertexCredit& b) { return a.idle && !b.idle; });
  shown.resize(std::min(shown.size(), std::max(std::size_t{3}, std::min(idle, kVerticesShown))));
  Table table({"least responsive", "role", "idle", "share of response", "dead channels", "params", "MACs"});
  table.optional({"MACs", "params", "role"});
  for (const explanation::VertexCredit& v : shown) {
    const Vertex& vertex = probed->network[v.vertex];
    table.row({vertex.id, to_string(vertex.placement.role), v.idle ? "yes" : "no",
               fmt::format("{:.3f} %", 100 * v.response), fmt::format("{:.0f} %", 100 * v.dead),
               fmt::format("{} ({:.1f} %)", count_text(v.params), 100 * v.params_share),
               fmt::format("{} ({:.1f} %)", count_text(v.macs), 100 * v.macs_share)});
  }
  std::string text =
      fmt::format("\n{} of {} vertices with weights are idle: {:.1f} % of the parameters, {:.1f} % of the MACs\n{}",
                  idle, probed->vertices.size(), 100 * params, 100 * macs, table.text());
  if (idle > shown.size()) text += fmt::format("and {} more idle ones\n", idle - shown.size());
  return text;
}

}  // namespace

std::string why_text(const TrialExplanation& why) {
  return fmt::format("trial {} is {}: {}\n\n", why.trial.id, to_string(why.trial.state), why.trial.reason) +
         verdicts_text(why.trial) + rungs_text(why.trial) + events_text(why) + credit_text(why) + changes_text(why) +
         measured_text(why) + vertices_text(why.probed);
}

nlohmann::ordered_json why_json(const TrialExplanation& why) {
  nlohmann::ordered_json events = nlohmann::ordered_json::array();
  for (const trial::Event& e : why.events) {
    events.push_back({{"time", e.time},
                      {"event", to_string(e.kind)},
                      {"stage", to_string(e.stage)},
                      {"from", e.from},
                      {"to", e.to},
                      {"reason", e.reason}});
  }
  nlohmann::ordered_json result = to_json(why.trial);
  result["events"] = std::move(events);
  result["credit"] = credit_json(why.credit);
  result["vertices"] = why.probed ? vertices_json(*why.probed) : nlohmann::ordered_json();
  return result;
}

}  // namespace gensynth::report::runs
