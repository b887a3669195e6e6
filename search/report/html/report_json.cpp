#include "search/report/html/report_json.hpp"

#include <nlohmann/json.hpp>

#include "search/report/html/network_json.hpp"
#include "search/report/html/numbers.hpp"
#include "search/report/html/trial_columns.hpp"
#include "search/report/networks/target_text.hpp"
#include "search/run/winner.hpp"

namespace gensynth::report::html {
namespace {

using analysis::overview::RunReport;
using nlohmann::ordered_json;

ordered_json winner_json(const RunReport& run) {
  if (!run.winner) return nullptr;
  return {{"trial", run.winner->trial.id},
          {"expected_u", compact(run.winner->expected_u)},
          {"best_measured", run.winner->best_measured.id},
          {"remark", run::winner_remark(*run.winner)}};
}

ordered_json ledger_json(const RunReport& run) {
  ordered_json result = ordered_json::array();
  for (const analysis::overview::RuleRecord& rule : run.ledger) {
    result.push_back({{"rule", rule.rule},
                      {"kind", rule.kind},
                      {"hard", rule.hard},
                      {"asks", rule.asks},
                      {"checked", rule.checked},
                      {"violated", rule.violated},
                      {"rejected", rule.rejected},
                      {"stage", to_string(rule.stage)},
                      {"closest", rule.rejected > 0 ? compact(rule.closest) : ordered_json()},
                      {"median", rule.rejected > 0 ? compact(rule.median) : ordered_json()},
                      {"closest_trial", rule.closest_trial},
                      {"core_seconds", compact(rule.core_seconds)}});
  }
  return result;
}

ordered_json bounds_json(const RunReport& run) {
  ordered_json result = ordered_json::array();
  for (const analysis::overview::MetricBound& bound : run.bounds) {
    result.push_back({{"rule", bound.rule},
                      {"metric", bound.metric},
                      {"side", bound.upper ? "at most" : "at least"},
                      {"bound", compact(bound.bound)},
                      {"hard", bound.hard}});
  }
  return result;
}

ordered_json timeline_json(const RunReport& run) {
  ordered_json result = ordered_json::array();
  for (const analysis::overview::Attempt& attempt : run.attempts) {
    result.push_back({{"trial", attempt.trial},
                      {"attempt", attempt.attempt},
                      {"worker", attempt.worker},
                      {"start_s", compact(attempt.start - run.started)},
                      {"end_s", compact(attempt.end - run.started)},
                      {"outcome", attempt.outcome}});
  }
  return result;
}

ordered_json near_misses_json(const RunReport& run) {
  ordered_json result = ordered_json::array();
  for (const analysis::overview::NearMiss& miss : run.near_misses) {
    ordered_json changes = ordered_json::array();
    for (const analysis::overview::FeasibleNeighbour& change : miss.changes) {
      changes.push_back({{"decision", change.decision},
                         {"from", change.from},
                         {"to", change.to},
                         {"latency_ms", compact(change.latency_ms)},
                         {"params", compact(change.params)},
                         {"macs", compact(change.macs)},
                         {"top1", compact(change.top1)}});
    }
    result.push_back({{"trial", miss.trial},
                      {"rule", miss.rule},
                      {"violation", compact(miss.violation)},
                      {"changes", std::move(changes)}});
  }
  return result;
}

/// The decisions of the winner that have a credit.
ordered_json credit_json(const RunReport& run) {
  if (!run.credit) return nullptr;
  const explanation::CandidateCredit& credit = run.credit->credit;
  ordered_json decisions = ordered_json::array();
  for (std::size_t i = 0; i < credit.decisions.size(); ++i) {
    const explanation::DecisionCredit& decision = credit.decisions[i];
    if (!decision.credit) continue;
    ordered_json alternatives = ordered_json::array();
    for (std::size_t k = 0; k < decision.alternatives.size(); ++k) {
      const explanation::Alternative& other = decision.alternatives[k];
      alternatives.push_back({{"answer", run.credit->labels[i].alternatives[k]},
                              {"feasible", other.feasible},
                              {"rule", other.rule},
                              {"u", other.advantage ? compact(-other.advantage->u) : ordered_json()}});
    }
    decisions.push_back({{"name", decision.decision.name},
                         {"answer", run.credit->labels[i].answer},
                         {"u", compact(decision.credit->u)},
                         {"deviation", compact(decision.credit->deviation)},
                         {"by_accuracy", compact(decision.credit->accuracy)},
                         {"compared", decision.compared},
                         {"alternatives", std::move(alternatives)}});
  }
  return {{"trial", run.winner->trial.id},          {"basis", to_string(credit.basis)},
          {"observed", run.credit->observed},       {"u", compact(credit.u)},
          {"deviation", compact(credit.deviation)}, {"decisions", std::move(decisions)}};
}

ordered_json features_json(const RunReport& run) {
  ordered_json columns = ordered_json::array();
  for (std::size_t f = 0; f < run.features.names.size(); ++f) {
    ordered_json values = ordered_json::array();
    for (const double value : run.features.values[f]) values.push_back(compact(value));
    columns.push_back({{"name", run.features.names[f]}, {"values", std::move(values)}});
  }
  return {{"trials", run.features.trials}, {"columns", std::move(columns)}};
}

ordered_json references_json(const RunReport& run) {
  ordered_json result = ordered_json::array();
  for (const analysis::overview::ReferenceNetwork& network : run.references) {
    result.push_back({{"name", network.name},
                      {"top1", compact(network.top1)},
                      {"latency_ms", compact(network.latency_ms)},
                      {"params", compact(network.params)},
                      {"macs", compact(network.macs)}});
  }
  return result;
}

ordered_json run_json(const RunReport& run) {
  ordered_json result;
  result["name"] = run.name;
  result["path"] = run.path;
  result["space"] = run.space;
  result["log10_size"] = compact(run.log10_size);
  result["device"] = networks::target_text(run.job.device);
  result["strategy"] = to_string(run.job.strategy.kind);
  result["seed"] = run.job.seed;
  result["objective"] = to_json(run.job.objective);
  result["budget"] = {{"trials", run.job.budget.trials}, {"proposals", run.job.budget.proposals}};
  result["trained"] = run.job.proxy.enabled;
  result["started"] = run.started;
  result["ended"] = run.ended;
  result["counts"] = to_json(run.counts);
  result["winner"] = winner_json(run);
  result["front"] = run.front;
  result["bounds"] = bounds_json(run);
  result["ledger"] = ledger_json(run);
  result["trials"] = trial_columns(run);
  result["rungs"] = rung_columns(run);
  result["timeline"] = timeline_json(run);
  result["near_misses"] = near_misses_json(run);
  result["credit"] = credit_json(run);
  result["features"] = features_json(run);
  result["references"] = references_json(run);
  result["networks"] = ordered_json::array();
  for (const analysis::overview::TrialNetwork& network : run.networks) {
    result["networks"].push_back(network_json(network));
  }
  result["limits"] = {
      {"networks", run.limits.networks}, {"near_misses", run.limits.near_misses}, {"features", run.limits.features}};
  result["job"] = to_json(run.job);
  return result;
}

}  // namespace

ordered_json report_json(const std::vector<RunReport>& runs, double time, const std::string& program) {
  ordered_json result = {
      {"format", "gensynth.report"}, {"version", kReportVersion}, {"written", time}, {"program", program}};
  result["runs"] = ordered_json::array();
  for (const RunReport& run : runs) result["runs"].push_back(run_json(run));
  return result;
}

}  // namespace gensynth::report::html
