#include "search/report/runs/search_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "search/report/format.hpp"
#include "search/report/runs/rejections_report.hpp"
#include "search/report/table.hpp"
#include "search/report/terminal.hpp"

namespace gensynth::report::runs {
namespace {

const char* to_string(loop::SearchEnd end) {
  switch (end) {
    case loop::SearchEnd::finished:
      return "finished";
    case loop::SearchEnd::stopped:
      return "stopped";
    case loop::SearchEnd::out_of_proposals:
      return "out_of_proposals";
    case loop::SearchEnd::space_exhausted:
      return "space_exhausted";
    case loop::SearchEnd::out_of_patience:
      return "out_of_patience";
    case loop::SearchEnd::out_of_time:
      break;
  }
  return "out_of_time";
}

/// "20 log10(a^2 l^-0.5), a: proxy_top1 in %, l: latency in ms".
std::string objective_text(const assessment::UniversalPerformance& u) {
  std::string text = u.formula();
  if (u.alpha != 0) text += ", a: " + u.accuracy + " in %";
  if (u.beta != 0) text += ", p: parameters in millions";
  if (u.gamma != 0) text += ", m: MACs in billions";
  if (u.delta != 0) text += ", l: latency in ms";
  return text;
}

constexpr std::size_t kAlternatives = 6;

/// Other feasible trials that the user may prefer: of the front, those whose latency is nearest to the winner's.
std::string alternatives_text(const SearchReport& report) {
  const trial::Trial& winner = *report.outcome.best;
  const std::string& accuracy = report.job.objective.accuracy;
  const auto octaves = [&](const trial::Trial& trial) {
    return std::abs(std::log2(trial.metrics.at("latency_ms").value / winner.metrics.at("latency_ms").value));
  };
  std::vector<trial::Trial> others;
  for (const trial::Trial& trial : report.alternatives) {
    if (trial.id != winner.id) others.push_back(trial);
  }
  if (others.empty()) return "";
  std::stable_sort(others.begin(), others.end(),
                   [&](const trial::Trial& a, const trial::Trial& b) { return octaves(a) < octaves(b); });
  if (others.size() > kAlternatives) others.resize(kAlternatives);
  std::sort(others.begin(), others.end(), [](const trial::Trial& a, const trial::Trial& b) {
    return a.metrics.at("latency_ms").value < b.metrics.at("latency_ms").value;
  });
  Table table({"trial", accuracy, "latency_ms", "U"});
  for (const trial::Trial& trial : others) {
    table.row({std::to_string(trial.id), quantity_text(trial.metrics.at(accuracy)),
               quantity_text(trial.metrics.at("latency_ms")), number_text(*trial.u)});
  }
  return "alternatives on the Pareto front (gensynth log " + report.run + " front):\n" + table.text();
}

std::string winner_text(const SearchReport& report) {
  const trial::Trial& winner = *report.outcome.best;
  Table table({"AttendNeXt", "trial " + std::to_string(winner.id)});
  table.row({"U", number_text(*winner.u) + " dB"});
  for (const auto& [name, quantity] : winner.metrics) table.row({name, quantity_text(quantity)});
  std::string text = "\n" + table.text() + "U = " + objective_text(report.job.objective) + "\n";
  for (const constraints::Verdict& verdict : winner.verdicts) {
    const Style style = verdict.satisfied ? Style::good : Style::note;
    text += "  " + styled(verdict.satisfied ? "met     " : "violated", style) + " " + verdict.message + "\n";
  }
  if (report.job.proxy.enabled) {
    text += "proxy accuracy is of a short training on a hold-out, not ImageNet accuracy\n";
  }
  text += alternatives_text(report);
  for (const std::string& path : report.files.written) text += "wrote " + path + "\n";
  for (const std::string& remark : report.files.remarks) text += "note: " + remark + "\n";
  return text;
}

/// Each network was proposed once; the others of its trials are duplicates.
std::string exhausted_text(const SearchReport& report) {
  std::int64_t networks = 0;
  for (const auto& [state, count] : report.outcome.counts)
    networks += state == trial::TrialState::duplicate ? 0 : count;
  if (report.outcome.evaluated == networks)
    return fmt::format("space exhausted: {} networks, all evaluated\n", networks);
  return fmt::format("space exhausted: {} networks, {} evaluated, {} rejected by constraints that need no training\n",
                     networks, report.outcome.evaluated, networks - report.outcome.evaluated);
}

/// The reason why the search ended before its budget of trials was used up; "" if it was used up.
std::string early_end(const SearchReport& report) {
  const job::Job& job = report.job;
  const loop::SearchOutcome& outcome = report.outcome;
  if (outcome.end == loop::SearchEnd::space_exhausted) return exhausted_text(report);
  if (outcome.end == loop::SearchEnd::out_of_proposals) {
    return fmt::format("the budget of {} proposals is used up before {} trials were evaluated\n", job.budget.proposals,
                       job.budget.trials);
  }
  if (outcome.end == loop::SearchEnd::out_of_time) {
    return fmt::format("the budget of {:g} minutes is used up before {} trials were evaluated\n", job.budget.minutes,
                       job.budget.trials);
  }
  if (outcome.end == loop::SearchEnd::out_of_patience) {
    return fmt::format("no new best U in {} trials in a row (budget.patience), so the search ended before {} trials\n",
                       job.budget.patience, job.budget.trials);
  }
  return "";
}

std::string last_improvement(const loop::SearchOutcome& outcome) {
  if (!outcome.best || outcome.evaluated == 0) return "";
  return fmt::format(
      "the best U was measured {} trials before the end ({:.0f} % of the {} evaluated)\n", outcome.since_best,
      100 * static_cast<double>(outcome.since_best) / static_cast<double>(outcome.evaluated), outcome.evaluated);
}

}  // namespace

std::int64_t SearchReport::failed_trials() const {
  const auto failed = outcome.counts.find(trial::TrialState::failed);
  return failed == outcome.counts.end() ? 0 : failed->second;
}

std::string search_text(const SearchReport& report) {
  const loop::SearchOutcome& outcome = report.outcome;
  std::string text;
  for (const auto& [state, count] : outcome.counts) {
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, to_string(state));
  }
  text += "\n";
  if (outcome.best) text += winner_text(report);
  if (!outcome.winner_remark.empty()) text += outcome.winner_remark + "\n";
  if (report.generator) text += to_text(*report.generator);
  text += last_improvement(outcome) + early_end(report);
  if (!report.warning.empty()) text += "warning: " + report.warning + "\n";
  if (!outcome.best && outcome.end != loop::SearchEnd::stopped) {
    text += "no feasible candidate was found\n" + rejections_text(report.rejections);
  }
  if (report.failed_trials() > 0) {
    text += fmt::format("{} trials failed: gensynth log {} list --state failed\n", report.failed_trials(), report.run);
  }
  return text;
}

nlohmann::ordered_json search_json(const SearchReport& report) {
  nlohmann::ordered_json result = {{"run", report.run},
                                   {"counts", to_json(report.outcome.counts)},
                                   {"winner", nullptr},
                                   {"files", report.files.written},
                                   {"end", to_string(report.outcome.end)},
                                   {"evaluated", report.outcome.evaluated},
                                   {"since_best", report.outcome.since_best},
                                   {"rejects", rejections_json(report.rejections)}};
  result["generator"] = report.generator ? to_json(*report.generator) : nlohmann::ordered_json();
  result["data"] = report.data ? to_json(*report.data) : nlohmann::ordered_json();
  if (report.outcome.best) result["winner"] = to_json(*report.outcome.best);
  return result;
}

}  // namespace gensynth::report::runs
