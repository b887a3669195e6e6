#include <cstdio>
#include <nlohmann/json.hpp>

#include "search/analysis/pareto_front.hpp"
#include "search/analysis/rejections.hpp"
#include "search/analysis/trial_explanation.hpp"
#include "search/analysis/trial_list.hpp"
#include "search/analysis/trial_query.hpp"
#include "search/command/command.hpp"
#include "search/command/shared/damage.hpp"
#include "search/report/runs/rejections_report.hpp"
#include "search/report/runs/trials_report.hpp"
#include "search/report/runs/why_report.hpp"
#include "search/run/run.hpp"
#include "search/run/winner.hpp"

namespace gensynth::command {
namespace {

struct Options {
  std::string run;
  std::int64_t trial = 0;
  analysis::TrialQuery query;  ///< of `list`
  bool as_json = false;
  bool as_csv = false;
  bool every_variant = false;
};

/// Prints trials as a table, as CSV or as one JSON object in a line.
int print_trials(const Options& options, const std::vector<trial::Trial>& trials) {
  std::fputs((options.as_json  ? report::runs::trials_json_lines(trials)
              : options.as_csv ? report::runs::trials_csv(trials)
                               : report::runs::trials_text(trials))
                 .c_str(),
             stdout);
  return kDone;
}

int show(const Options& options, const run::Run& run) {
  const trial::Trial trial = analysis::trial_of(run.store(), options.run, options.trial);
  if (options.as_json) {
    std::printf("%s\n", to_json(trial).dump(2).c_str());
    return kDone;
  }
  std::fputs(report::runs::trial_text(trial, *run.context(registry::Plugins::leave).space).c_str(), stdout);
  return kDone;
}

int why(const Options& options, const run::Run& run) {
  const trial::Trial trial = analysis::trial_of(run.store(), options.run, options.trial);
  const analysis::TrialExplanation explanation = analysis::explain_trial(run, trial);
  std::fputs(
      (options.as_json ? report::runs::why_json(explanation).dump(2) + "\n" : report::runs::why_text(explanation))
          .c_str(),
      stdout);
  return kDone;
}

int rejects(const Options& options, const store::RunReader& store) {
  const std::vector<analysis::RuleRejections> rejections = analysis::rejections(store);
  std::fputs((options.as_json ? report::runs::rejections_json(rejections).dump(2) + "\n"
                              : report::runs::rejections_text(rejections))
                 .c_str(),
             stdout);
  return kDone;
}

int list(const Options& options, const run::Run& run) {
  (void)print_trials(options, analysis::query_trials(run.store(), options.query));
  if (options.as_json || options.as_csv) return kDone;
  const std::optional<run::RunWinner> winner = run::select_winner(run.job(), run.store());
  const std::string remark = winner ? run::winner_remark(*winner) : "";
  if (!remark.empty()) std::printf("%s\n", remark.c_str());
  return kDone;
}

int front(const Options& options, const run::Run& run) {
  const std::vector<trial::Trial> trials =
      analysis::pareto_front(run.store().list(trial::TrialState::scored), run.job().objective.accuracy);
  if (options.every_variant) return print_trials(options, trials);
  std::vector<trial::Trial> best;
  for (analysis::FrontStructure& structure :
       analysis::group_front(*run.context(registry::Plugins::leave).space, trials)) {
    best.push_back(std::move(structure.best));
  }
  (void)print_trials(options, best);
  if (options.as_json || options.as_csv || best.size() == trials.size()) return kDone;
  std::printf(
      "the best of each structure; %zu more trials of the front differ from one of these in less than %g %% of "
      "their decisions: --all lists them\n",
      trials.size() - best.size(), 100 * space::kDifferentStructure);
  return kDone;
}

int events(const store::RunReader& store) {
  std::fputs(report::runs::events_json_lines(analysis::logged_events(store)).c_str(), stdout);
  return kDone;
}

std::vector<std::string> trial_states() {
  std::vector<std::string> names = {"all"};
  for (const trial::TrialState state : trial::kTrialStates) names.emplace_back(to_string(state));
  return names;
}

}  // namespace

void add_log(CLI::App& program, int& exit_code) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      program.add_subcommand("log", "Inspect the trials of a run and why each was accepted or rejected");
  command->require_subcommand(0, 1);
  command->add_option("RUN", options->run, "folder of a run")->required();
  CLI::App* list_command =
      command->add_subcommand("list", "trials, one row each (the default; without rejections by structural checks)");
  analysis::TrialQuery& query = options->query;
  list_command->add_option("--state", query.state, "only trials in this state; 'all' lists every trial")
      ->check(CLI::IsMember(trial_states()));
  list_command->add_option("--where", query.where,
                           "only trials that meet a condition on trial, u, feasible, core_seconds, state and metrics: "
                           "\"latency_ms < 20 and state == scored\"");
  list_command->add_option("--sort", query.sort, "sort by one of these, the best first: u, latency_ms, ...");
  list_command->add_flag("--reverse", query.reverse, "with --sort: the best last");
  list_command->add_option("--limit", query.limit, "at most so many trials")
      ->check(CLI::Range(std::int64_t{1}, INT64_MAX));
  CLI::App* show_command = command->add_subcommand("show", "one trial: metrics and decisions");
  CLI::App* why_command =
      command->add_subcommand("why", "one trial: verdicts, rungs, events, value of its decisions, idle vertices");
  for (CLI::App* sub : {show_command, why_command}) sub->add_option("ID", options->trial, "trial number")->required();
  CLI::App* front_command = command->add_subcommand(
      "front", "the Pareto front: accuracy by latency, feasible trials only, the best of each structure");
  front_command->add_flag("--all", options->every_variant, "the near-duplicates of a structure too");
  CLI::App* rejects_command =
      command->add_subcommand("rejects", "how many candidates each constraint rejected, and the closest miss");
  for (CLI::App* each : {command, list_command, show_command, why_command, front_command, rejects_command}) {
    each->add_flag("--json", options->as_json, each == command ? "one object per event" : "print JSON");
  }
  for (CLI::App* each : {command, list_command, front_command}) each->add_flag("--csv", options->as_csv, "print CSV");
  command->callback([=, &exit_code] {
    const run::Run run = run::Run::open(options->run, run::RunMode::read);
    if (show_command->parsed()) {
      exit_code = show(*options, run);
    } else if (why_command->parsed()) {
      exit_code = why(*options, run);
    } else if (front_command->parsed()) {
      exit_code = front(*options, run);
    } else if (rejects_command->parsed()) {
      exit_code = rejects(*options, run.store());
    } else if (options->as_json && !list_command->parsed()) {
      exit_code = events(run.store());
    } else {
      exit_code = list(*options, run);
    }
    std::fflush(stdout);
    shared::warn_of_damage(run.store());
  });
}

}  // namespace gensynth::command
