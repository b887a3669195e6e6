#include "search/analysis/overview/run_report.hpp"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <filesystem>
#include <limits>
#include <map>
#include <set>

#include "architecture/base/error.hpp"
#include "architecture/zoo/zoo.hpp"
#include "search/analysis/overview/derived_features.hpp"
#include "search/analysis/pareto_front.hpp"

namespace gensynth::analysis::overview {
namespace {

constexpr int kAncestors = 24;

std::string last_part(const std::string& path) {
  std::filesystem::path folder = std::filesystem::weakly_canonical(path);
  if (folder.filename() == "run.db") folder = folder.parent_path();
  return folder.filename().empty() ? path : folder.filename().string();
}

/// Trials whose networks a reader is most likely to open, each once: the winner and its ancestors, the front, the
/// trials that were the best so far, those near feasible, then those of the highest U, then the latest.
std::vector<std::int64_t> interesting(const RunReport& report) {
  std::vector<std::int64_t> ids;
  std::set<std::int64_t> seen;
  const auto take = [&](std::int64_t id) {
    if (id > 0 && id <= static_cast<std::int64_t>(report.trials.size()) && seen.insert(id).second) ids.push_back(id);
  };
  const auto trial_at = [&](std::int64_t id) -> const trial::Trial& {
    return report.trials[static_cast<std::size_t>(id - 1)];
  };
  if (report.winner) {
    take(report.winner->trial.id);
    take(report.winner->best_measured.id);
    std::vector<std::int64_t> wave = {report.winner->trial.id};
    for (int n = 0; n < kAncestors && !wave.empty(); ++n) {
      const std::vector<std::int64_t> parents = trial_at(wave.back()).parents;
      wave.pop_back();
      for (const std::int64_t parent : parents) {
        if (seen.count(parent) == 0) wave.insert(wave.begin(), parent);
        take(parent);
      }
    }
  }
  for (const std::int64_t id : report.front) take(id);
  double best = -std::numeric_limits<double>::infinity();
  for (const trial::Trial& trial : report.trials) {
    if (!trial.feasible || !trial.u || *trial.u <= best) continue;
    best = *trial.u;
    take(trial.id);
  }
  for (std::size_t i = 0; i < std::min<std::size_t>(12, report.near_misses.size()); ++i) {
    take(report.near_misses[i].trial);
  }
  std::vector<const trial::Trial*> rest;
  for (const trial::Trial& trial : report.trials) {
    if (trial.state != trial::TrialState::duplicate) rest.push_back(&trial);
  }
  std::stable_sort(rest.begin(), rest.end(), [](const trial::Trial* a, const trial::Trial* b) {
    const auto rank = [](const trial::Trial* t) {
      return std::tuple(t->feasible ? 1 : 0, t->u.value_or(-1e9), t->ordinal > 0 ? 1 : 0, t->id);
    };
    return rank(a) > rank(b);
  });
  for (const trial::Trial* trial : rest) take(trial->id);
  return ids;
}

std::vector<TrialNetwork> networks_of(const RunReport& report, const run::SearchContext& parts) {
  std::vector<std::int64_t> ids = interesting(report);
  ids.resize(std::min(ids.size(), static_cast<std::size_t>(std::max(0, report.limits.networks))));
  std::vector<std::optional<TrialNetwork>> found(ids.size());
  const int px = report.job.input_px;
  tbb::parallel_for(std::size_t{0}, ids.size(), [&](std::size_t i) {
    const space::Genotype& genotype = report.trials[static_cast<std::size_t>(ids[i] - 1)].genotype;
    Architecture network = parts.space->build(genotype);
    if (px > 0) network = network.at_resolution(px);
    found[i] = TrialNetwork{ids[i], profile_network(std::move(network), report.job.device, Form::deployed), {}, {}};
    const std::vector<space::Decision> decisions = parts.space->decisions(genotype);
    for (std::size_t d = 0; d < decisions.size(); ++d) {
      found[i]->decisions.push_back(decisions[d].name);
      found[i]->answers.push_back(parts.space->label(decisions[d], genotype[d]));
    }
  });
  std::vector<TrialNetwork> result;
  for (std::optional<TrialNetwork>& network : found) result.push_back(std::move(*network));
  return result;
}

DerivedFeatures features_of(const RunReport& report, const run::SearchContext& parts) {
  std::vector<const trial::Trial*> chosen;
  for (const trial::Trial& trial : report.trials) {
    if (trial.ordinal > 0) chosen.push_back(&trial);
  }
  const auto most = static_cast<std::size_t>(std::max(0, report.limits.features));
  if (chosen.size() > most) chosen.erase(chosen.begin(), chosen.end() - static_cast<std::ptrdiff_t>(most));
  DerivedFeatures result;
  result.names = derived_feature_names();
  std::vector<std::vector<double>> rows(chosen.size());
  tbb::parallel_for(std::size_t{0}, chosen.size(),
                    [&](std::size_t i) { rows[i] = derived_features(parts.space->build(chosen[i]->genotype)); });
  result.values.resize(result.names.size());
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    result.trials.push_back(chosen[i]->id);
    for (std::size_t f = 0; f < rows[i].size(); ++f) result.values[f].push_back(rows[i][f]);
  }
  return result;
}

/// The reference networks with a published accuracy, at their own resolution.
std::vector<ReferenceNetwork> references_of(const run::SearchContext& parts) {
  std::vector<ReferenceNetwork> result;
  for (const zoo::ZooFacts& facts : zoo::zoo_list()) {
    if (!facts.top1) continue;
    const Architecture network = zoo::zoo_network(facts.name);
    const Cost total = cost(network);
    result.push_back({facts.name, *facts.top1, parts.latency.total(network).value, static_cast<double>(total.params),
                      static_cast<double>(total.macs)});
  }
  return result;
}

void read_events(const run::Run& run, RunReport& report) {
  const std::vector<trial::Event> events = run.store().events();
  report.proposed.assign(report.trials.size(), 0);
  for (const trial::Event& event : events) {
    report.started = report.started == 0 ? event.time : std::min(report.started, event.time);
    report.ended = std::max(report.ended, event.time);
    if (event.kind == trial::EventKind::proposed && event.trial > 0 &&
        event.trial <= static_cast<std::int64_t>(report.trials.size())) {
      report.proposed[static_cast<std::size_t>(event.trial - 1)] = event.time;
    }
  }
  report.attempts = worker_timeline(events);
}

}  // namespace

RunReport report_run(const run::Run& run, const RunReportLimits& limits) {
  const run::SearchContext& parts = run.context(registry::Plugins::leave);
  RunReport report;
  report.limits = limits;
  report.path = run.folder().path;
  report.name = last_part(report.path);
  report.job = run.job();
  report.space = parts.space->name();
  report.log10_size = parts.space->log10_size();
  report.trials = run.store().list();
  for (std::size_t i = 0; i < report.trials.size(); ++i) {
    if (report.trials[i].id != static_cast<std::int64_t>(i) + 1) {
      throw Error(report.path + ": trial " + std::to_string(i + 1) + " is missing", ErrorKind::environment);
    }
  }
  for (const trial::Trial& trial : report.trials) ++report.counts[trial.state];
  report.winner = run::select_winner(report.job, run.store());
  // The run may have grown since the trials were read.
  if (report.winner && report.winner->trial.id > static_cast<std::int64_t>(report.trials.size())) report.winner.reset();
  for (const trial::Trial& trial : pareto_front(report.trials, report.job.objective.accuracy)) {
    report.front.push_back(trial.id);
  }
  report.ledger = rule_ledger(report.job.constraints, report.trials);
  report.bounds = metric_bounds(report.job.constraints);
  read_events(run, report);
  report.near_misses = near_misses(parts, report.trials, limits.near_misses);
  report.networks = networks_of(report, parts);
  if (report.winner && limits.credit) report.credit = credit_trial(parts, run.store(), report.winner->trial);
  report.features = features_of(report, parts);
  report.references = references_of(parts);
  return report;
}

}  // namespace gensynth::analysis::overview
