#include "search/command/why.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "inquisitor/teaching/inquisitor.hpp"
#include "search/analysis/trial_credit.hpp"
#include "search/command/exit_code.hpp"
#include "search/report/console.hpp"

namespace gensynth::command {
namespace {

using nlohmann::ordered_json;

constexpr std::size_t kDecisionsShown = 6;  ///< of those that helped, and of those that hurt
constexpr std::size_t kVerticesShown = 8;

void print_verdicts(const trial::Trial& trial) {
  if (trial.verdicts.empty()) return;
  report::Table table({"constraint", "kind", "verdict", "measured", "bound", "violation", "message"});
  for (const constraints::Verdict& v : trial.verdicts) {
    table.row({v.constraint, v.hard ? "hard" : "soft", v.satisfied ? "met" : "violated",
               fmt::format("{:.4g} {}", v.measured, v.unit), fmt::format("{:.4g}", v.bound),
               fmt::format("{:.4g}", v.violation), v.message});
  }
  std::printf("%s\n", table.text().c_str());
}

void print_rungs(const trial::Trial& trial) {
  if (trial.rungs.empty()) return;
  report::Table table({"after images", "train loss", "hold-out loss", "top-1 %", "needed to go on %"});
  for (std::size_t i = 0; i < trial.rungs.size(); ++i) {
    const trial::Rung& r = trial.rungs[i];
    const double floor = i < trial.prune_below.size() ? trial.prune_below[i] : 0;
    table.row({std::to_string(r.images), report::number_text(r.train_loss, 3), report::number_text(r.loss, 3),
               report::number_text(r.top1), floor > 0 ? report::number_text(floor) : "-"});
  }
  std::printf("%s\n", table.text().c_str());
}

void print_events(const store::Store& store, const trial::Trial& trial) {
  report::Table table({"event", "from", "to", "what"});
  for (const trial::Event& e : store.events(0, trial.id)) table.row({e.event, e.from, e.to, e.reason});
  std::printf("%s\ncompute spent: %.1f core-seconds\n", table.text().c_str(), trial.core_seconds);
}

std::string joined(const std::vector<std::string>& words, std::size_t most = 4) {
  std::string text;
  for (std::size_t i = 0; i < std::min(words.size(), most); ++i) text += (i == 0 ? "" : ", ") + words[i];
  if (words.size() > most) text += fmt::format(" and {} more", words.size() - most);
  return text;
}

/// What the candidate was compared with, as text.
std::string rather_than(const explanation::CandidateCredit& credit, const explanation::DecisionCredit& d,
                        const space::SearchSpace& space) {
  std::vector<std::string> labels;
  for (const explanation::Alternative& a : d.alternatives) {
    if (a.feasible || !credit.feasible) labels.push_back(space.label(d.decision, a.answer));
  }
  return joined(labels);
}

std::string credit_text(const explanation::Advantage& advantage, explanation::CreditBasis basis) {
  return basis == explanation::CreditBasis::computed
             ? fmt::format("{:+.2f} dB", advantage.u)
             : fmt::format("{:+.2f} dB ± {:.2f}", advantage.u, advantage.deviation);
}

void print_credited(const std::string& heading, const std::vector<const explanation::DecisionCredit*>& decisions,
                    const explanation::CandidateCredit& credit, const space::SearchSpace& space) {
  if (decisions.empty()) return;
  report::Table table({heading, "by accuracy", "decision", "answer", "rather than"});
  for (std::size_t i = 0; i < std::min(decisions.size(), kDecisionsShown); ++i) {
    const explanation::DecisionCredit& d = *decisions[i];
    table.row({credit_text(*d.credit, credit.basis), fmt::format("{:+.2f}", d.credit->accuracy), d.decision.name,
               space.label(d.decision, d.answer), rather_than(credit, d, space)});
  }
  std::printf("\n%s", table.text().c_str());
  if (decisions.size() > kDecisionsShown) std::printf("and %zu more\n", decisions.size() - kDecisionsShown);
}

/// Those decisions whose credit is larger than its uncertainty, by what they are worth; the others are counted.
void print_worth(const analysis::TrialCredit& trial, const space::SearchSpace& space) {
  const explanation::CandidateCredit& credit = trial.credit;
  if (credit.basis == explanation::CreditBasis::unknown) {
    std::printf(
        "\nwhat single decisions are worth is not known yet: %d trials have an accuracy, the inquisitor needs %zu\n",
        trial.observed, teaching::kObservationsToBelieve);
    return;
  }
  if (credit.basis == explanation::CreditBasis::computed) {
    std::printf("\nU %.2f dB; its accuracy is computed from structure, and so is what each decision is worth\n",
                *credit.u);
  } else {
    std::printf("\nthe inquisitor, from %d trials with an accuracy, believes U to be %.2f dB ± %.2f\n", trial.observed,
                *credit.u, credit.deviation);
  }
  std::vector<const explanation::DecisionCredit*> helped, hurt;
  int unsure = 0;
  for (const explanation::DecisionCredit& d : credit.decisions) {
    if (!d.credit) continue;
    constexpr double kVisible = 0.005;  // dB: less would be printed as nothing
    const bool sure = std::abs(d.credit->u) > std::max(kVisible, d.credit->deviation);
    if (sure) (d.credit->u > 0 ? helped : hurt).push_back(&d);
    unsure += sure ? 0 : 1;
  }
  const auto larger = [](const explanation::DecisionCredit* a, const explanation::DecisionCredit* b) {
    return std::abs(a->credit->u) > std::abs(b->credit->u);
  };
  std::stable_sort(helped.begin(), helped.end(), larger);
  std::stable_sort(hurt.begin(), hurt.end(), larger);
  print_credited("helped", helped, credit, space);
  print_credited("hurt", hurt, credit, space);
  if (unsure == 0) return;
  std::printf("\n%d decisions make no difference%s\n", unsure,
              credit.basis == explanation::CreditBasis::computed
                  ? ""
                  : " that is larger than its uncertainty (one standard deviation)");
}

/// Which single answers would break a hard constraint, or mend those that are violated. Computed, not believed.
void print_feasibility(const explanation::CandidateCredit& credit, const space::SearchSpace& space) {
  struct Line {
    const explanation::DecisionCredit* decision;
    std::vector<std::string> answers;
    std::vector<std::string> rules;
    double violation;  ///< that is left, at least
  };
  std::vector<Line> lines;
  for (const explanation::DecisionCredit& d : credit.decisions) {
    Line line{&d, {}, {}, credit.violation};
    for (const explanation::Alternative& a : d.alternatives) {
      const bool tells = credit.feasible ? !a.feasible : a.violation < 0.999 * credit.violation;
      if (!tells) continue;
      std::string label = space.label(d.decision, a.answer);
      if (!credit.feasible && a.feasible) label += " (meets all)";
      line.answers.push_back(std::move(label));
      line.violation = std::min(line.violation, a.violation);
      if (!a.rule.empty() && std::find(line.rules.begin(), line.rules.end(), a.rule) == line.rules.end()) {
        line.rules.push_back(a.rule);
      }
    }
    if (!line.answers.empty()) lines.push_back(std::move(line));
  }
  if (credit.feasible) {
    std::stable_sort(lines.begin(), lines.end(),
                     [](const Line& a, const Line& b) { return a.answers.size() > b.answers.size(); });
  } else {
    std::stable_sort(lines.begin(), lines.end(),
                     [](const Line& a, const Line& b) { return a.violation < b.violation; });
  }
  if (lines.empty()) {
    std::printf("\nhard constraints (computed): no single decision %s\n",
                credit.feasible ? "would break one" : "would bring it nearer to them");
    return;
  }
  report::Table table(credit.feasible
                          ? std::vector<std::string>{"hard constraints depend on", "answer", "broken by", "constraint"}
                          : std::vector<std::string>{"nearer to the hard constraints by", "answer", "instead",
                                                     "still violated", "violation left"});
  for (std::size_t i = 0; i < std::min(lines.size(), kDecisionsShown); ++i) {
    const Line& line = lines[i];
    std::vector<std::string> row = {line.decision->decision.name,
                                    space.label(line.decision->decision, line.decision->answer), joined(line.answers),
                                    line.rules.empty() ? "-" : joined(line.rules)};
    if (!credit.feasible) row.push_back(fmt::format("{:.3g} of {:.3g}", line.violation, credit.violation));
    table.row(std::move(row));
  }
  std::printf("\n%s", table.text().c_str());
  if (lines.size() > kDecisionsShown) std::printf("and %zu more\n", lines.size() - kDecisionsShown);
}

/// Constraints that only an evaluation tells, as the inquisitor believes them, and what they hang on.
void print_measured(const explanation::CandidateCredit& credit, const space::SearchSpace& space) {
  if (credit.measured.empty()) return;
  report::Table table(
      {"only an evaluation tells", "kind", "believed to be met", "believed measurement", "learned from"});
  for (const surrogate::ConstraintPrediction& c : credit.measured) {
    table.row({c.constraint, c.hard ? "hard" : "soft", fmt::format("{:.0f} %", 100 * c.probability),
               fmt::format("{:.1f} % {} the bound", 100 * std::abs(c.excess), c.excess > 0 ? "beyond" : "within"),
               fmt::format("{} trials", c.evaluated)});
  }
  std::printf("\n%s", table.text().c_str());
  std::vector<const explanation::DecisionCredit*> matter;
  constexpr double kVisible = 0.01;
  for (const explanation::DecisionCredit& d : credit.decisions) {
    if (d.feasibility && std::abs(*d.feasibility) >= kVisible) matter.push_back(&d);
  }
  if (matter.empty()) return;
  std::stable_sort(matter.begin(), matter.end(),
                   [](const explanation::DecisionCredit* a, const explanation::DecisionCredit* b) {
                     return std::abs(*a->feasibility) > std::abs(*b->feasibility);
                   });
  matter.resize(std::min(matter.size(), kDecisionsShown));
  report::Table decisions({"chance to meet them", "decision", "answer", "rather than"});
  for (const explanation::DecisionCredit* d : matter) {
    decisions.row({fmt::format("{:+.0f} %", 100 * *d->feasibility), d->decision.name,
                   space.label(d->decision, d->answer), rather_than(credit, *d, space)});
  }
  std::printf("\n%s", decisions.text().c_str());
}

void print_vertices(const std::optional<analysis::ProbedVertices>& probed) {
  if (!probed) {
    std::printf("\nno vertex is credited: the trial was not probed\n");
    return;
  }
  std::size_t idle = 0;
  double params = 0, macs = 0;
  for (const explanation::VertexCredit& v : probed->vertices) {
    if (!v.idle) continue;
    ++idle;
    params += v.params_share;
    macs += v.macs_share;
  }
  std::printf("\n%zu of %zu vertices with weights are idle: %.1f %% of the parameters, %.1f %% of the MACs\n", idle,
              probed->vertices.size(), 100 * params, 100 * macs);
  std::vector<explanation::VertexCredit> shown = probed->vertices;
  std::stable_sort(
      shown.begin(), shown.end(),
      [](const explanation::VertexCredit& a, const explanation::VertexCredit& b) { return a.idle && !b.idle; });
  shown.resize(std::min(shown.size(), std::max(std::size_t{3}, std::min(idle, kVerticesShown))));
  report::Table table({"least responsive", "role", "idle", "share of response", "dead channels", "params", "MACs"});
  for (const explanation::VertexCredit& v : shown) {
    const Vertex& vertex = probed->network[v.vertex];
    table.row({vertex.id, to_string(vertex.placement.role), v.idle ? "yes" : "no",
               fmt::format("{:.3f} %", 100 * v.response), fmt::format("{:.0f} %", 100 * v.dead),
               fmt::format("{} ({:.1f} %)", report::count_text(v.params), 100 * v.params_share),
               fmt::format("{} ({:.1f} %)", report::count_text(v.macs), 100 * v.macs_share)});
  }
  std::printf("%s", table.text().c_str());
  if (idle > shown.size()) std::printf("and %zu more idle ones\n", idle - shown.size());
}

void print_json(const store::Store& store, const trial::Trial& trial, const analysis::TrialCredit& credit,
                const space::SearchSpace& space, const std::optional<analysis::ProbedVertices>& probed) {
  ordered_json events = ordered_json::array();
  for (const trial::Event& e : store.events(0, trial.id)) {
    events.push_back({{"time", e.time},
                      {"event", e.event},
                      {"stage", e.stage},
                      {"from", e.from},
                      {"to", e.to},
                      {"reason", e.reason}});
  }
  ordered_json result = to_json(trial);
  result["events"] = std::move(events);
  result["credit"] = to_json(credit, space);
  result["vertices"] = probed ? to_json(*probed) : ordered_json();
  std::printf("%s\n", result.dump(2).c_str());
}

}  // namespace

int log_why(const std::string& folder, const store::Store& store, const trial::Trial& trial, bool as_json) {
  const run::RunFolder run = run::open_run(folder);
  const job::Job job = job::read_job(run.job());
  const loop::SearchContext parts(job);
  const analysis::TrialCredit credit = analysis::credit_trial(parts, store, trial);
  const std::optional<analysis::ProbedVertices> probed = analysis::probed_vertices(run, job, parts, trial);
  if (as_json) {
    print_json(store, trial, credit, *parts.space, probed);
    return kDone;
  }
  std::printf("trial %lld is %s: %s\n\n", static_cast<long long>(trial.id), to_string(trial.state),
              trial.reason.c_str());
  print_verdicts(trial);
  print_rungs(trial);
  print_events(store, trial);
  print_worth(credit, *parts.space);
  print_feasibility(credit.credit, *parts.space);
  print_measured(credit.credit, *parts.space);
  print_vertices(probed);
  return kDone;
}

}  // namespace gensynth::command
