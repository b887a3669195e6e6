#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "architecture/base/error.hpp"
#include "generator/make_space.hpp"
#include "search/command/command.hpp"
#include "search/command/why.hpp"
#include "search/job/job.hpp"
#include "search/loop/results.hpp"
#include "search/report/console.hpp"
#include "search/store/store.hpp"

namespace gensynth::command {
namespace {

using nlohmann::ordered_json;

struct Options {
  std::string run;
  std::int64_t trial = 0;
  std::string state;
  bool as_json = false;
  bool as_csv = false;
};

std::string metric(const trial::Trial& trial, const char* name, double unit, int digits) {
  const auto value = trial.metrics.value(name);
  return value ? report::number_text(*value / unit, digits) : "-";
}

report::Table trial_table(const std::vector<trial::Trial>& trials) {
  report::Table table({"trial", "state", "feasible", "U", "proxy top-1 %", "latency ms (predicted)", "params M",
                       "MACs M", "core-seconds", "why"});
  for (const trial::Trial& t : trials) {
    table.row({std::to_string(t.id), to_string(t.state),
               t.state == trial::TrialState::scored ? (t.feasible ? "yes" : "no") : "-",
               t.u ? report::number_text(*t.u) : "-", metric(t, "proxy_top1", 1, 2), metric(t, "latency_ms", 1, 2),
               metric(t, "params", 1e6, 3), metric(t, "macs", 1e6, 1), report::number_text(t.core_seconds, 1),
               t.reason});
  }
  return table;
}

int print_trials(const Options& options, const std::vector<trial::Trial>& trials) {
  if (options.as_json) {
    for (const trial::Trial& trial : trials) std::printf("%s\n", to_json(trial).dump().c_str());
  } else {
    const report::Table table = trial_table(trials);
    std::printf("%s", options.as_csv ? table.csv().c_str() : table.text().c_str());
  }
  return kDone;
}

/// One object per event; what is known of the trial goes with the event that created it and the one that ended it.
int print_events(const store::Store& store) {
  for (const trial::Event& event : store.events()) {
    ordered_json line = {{"seq", event.seq},     {"time", event.time},    {"trial", event.trial},
                         {"event", event.event}, {"stage", event.stage},  {"from", event.from},
                         {"to", event.to},       {"reason", event.reason}};
    if (event.event == "proposed" || event.event == "finished") {
      if (const std::optional<trial::Trial> trial = store.get(event.trial)) {
        line["metrics"] = to_json(trial->metrics);
        line["genotype"] = trial->genotype;
        line["parents"] = trial->parents;
      }
    }
    std::printf("%s\n", line.dump(-1, ' ', false, ordered_json::error_handler_t::replace).c_str());
  }
  return kDone;
}

trial::Trial trial_of(const Options& options, const store::Store& store) {
  const std::optional<trial::Trial> trial = store.get(options.trial);
  if (!trial) {
    throw Error(
        fmt::format("{}: no trial {}; the run has trials 1 to {}", options.run, options.trial, store.last_trial()));
  }
  return *trial;
}

int show(const Options& options, const store::Store& store) {
  const trial::Trial trial = trial_of(options, store);
  if (options.as_json) {
    std::printf("%s\n", to_json(trial).dump(2).c_str());
    return kDone;
  }
  const run::RunFolder run = run::open_run(options.run);
  const job::Job job = job::read_job(run.job());
  const auto space = generator::make_space(job.space, run.job(), "/space");
  std::printf(
      "%s\n",
      report::styled(fmt::format("trial {}: {}", trial.id, to_string(trial.state)), report::Style::bold).c_str());
  std::printf("%s\n\n", trial.reason.c_str());
  report::Table metrics({"metric", "value", "source"});
  for (const auto& [name, quantity] : trial.metrics)
    metrics.row({name, report::quantity_text(quantity), quantity.source});
  std::printf("%s\n", metrics.text().c_str());
  report::Table decisions({"decision", "choice"});
  const std::vector<space::Decision> made = space->decisions(trial.genotype);
  for (std::size_t i = 0; i < made.size(); ++i) decisions.row({made[i].name, space->label(made[i], trial.genotype[i])});
  std::printf("%s\ngenotype %s\n", decisions.text().c_str(), nlohmann::json(trial.genotype).dump().c_str());
  return kDone;
}

int rejects(const Options& options) {
  if (!options.as_json) {
    std::printf("%s", loop::reject_table(run::open_run(options.run)).c_str());
    return kDone;
  }
  std::printf("%s\n", loop::rejects_to_json(run::open_run(options.run)).dump(2).c_str());
  return kDone;
}

int front(const Options& options, const store::Store& store) {
  const job::Job job = job::read_job(run::open_run(options.run).job());
  return print_trials(options, loop::pareto_front(store.list("scored"), job.objective.accuracy));
}

}  // namespace

void add_log(CLI::App& program, int& exit_code) {
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand("log", "What a run did, and why each candidate lived or died");
  command->require_subcommand(0, 1);
  command->add_option("RUN", options->run, "folder of a run")->required();
  CLI::App* list_command =
      command->add_subcommand("list", "trials, one row each (the default; free rejections left out)");
  list_command->add_option("--state", options->state, "only trials in this state; 'all' for every one");
  CLI::App* show_command = command->add_subcommand("show", "one trial: metrics and decisions");
  CLI::App* why_command =
      command->add_subcommand("why", "one trial: verdicts, rungs, events, what its decisions are worth, idle vertices");
  for (CLI::App* sub : {show_command, why_command}) sub->add_option("ID", options->trial, "trial number")->required();
  CLI::App* front_command =
      command->add_subcommand("front", "the Pareto front: accuracy by latency, feasible trials only");
  CLI::App* rejects_command =
      command->add_subcommand("rejects", "how many candidates each rule turned down, and how narrowly");
  for (CLI::App* each : {command, list_command, show_command, why_command, front_command, rejects_command}) {
    each->add_flag("--json", options->as_json, each == command ? "one object per event" : "for machines");
  }
  for (CLI::App* each : {command, list_command, front_command})
    each->add_flag("--csv", options->as_csv, "comma-separated");
  command->callback([=, &exit_code] {
    const auto store = store::Store::open(run::open_run(options->run).database(), true);
    if (show_command->parsed()) {
      exit_code = show(*options, *store);
    } else if (why_command->parsed()) {
      exit_code = log_why(options->run, *store, trial_of(*options, *store), options->as_json);
    } else if (front_command->parsed()) {
      exit_code = front(*options, *store);
    } else if (rejects_command->parsed()) {
      exit_code = rejects(*options);
    } else if (options->as_json && !list_command->parsed()) {
      exit_code = print_events(*store);
    } else {
      std::vector<trial::Trial> trials = store->list(options->state == "all" ? "" : options->state);
      if (options->state.empty()) {
        trials.erase(std::remove_if(trials.begin(), trials.end(), [](const trial::Trial& t) { return t.ordinal == 0; }),
                     trials.end());
      }
      exit_code = print_trials(*options, trials);
    }
  });
}

}  // namespace gensynth::command
