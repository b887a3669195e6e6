#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "architecture/base/error.hpp"
#include "search/analysis/conflicts.hpp"
#include "search/analysis/dry_run.hpp"
#include "search/analysis/pareto_front.hpp"
#include "search/analysis/rejections.hpp"
#include "search/analysis/search_estimate.hpp"
#include "search/command/command.hpp"
#include "search/command/shared/damage.hpp"
#include "search/command/shared/data_contents.hpp"
#include "search/command/shared/flags.hpp"
#include "search/job/job_options.hpp"
#include "search/loop/run_search.hpp"
#include "search/loop/signals.hpp"
#include "search/report/runs/dry_run_report.hpp"
#include "search/report/runs/estimate_report.hpp"
#include "search/report/runs/progress.hpp"
#include "search/report/runs/search_report.hpp"
#include "search/result/result_files.hpp"
#include "search/run/run.hpp"
#include "search/sampling/run_generator.hpp"

namespace gensynth::command {
namespace {

namespace fs = std::filesystem;

constexpr int kConflictSamples = 200;

struct Options {
  std::string job;
  std::string out;
  bool resume = false;
  bool dry_run = false;
  bool quiet = false;
  bool as_json = false;
  std::int64_t seed = -1;
  std::int64_t trials = 0;
  loop::SearchOptions search;
};

/// Resumes a run with its stored job. A budget that was changed in the job's file or in the run's job.json is taken
/// over; `--trials` may only raise it.
run::Run resumed_run(const Options& options) {
  run::Run run = run::Run::open(options.out, run::RunMode::resume);
  const job::Job& job = run.job();
  if (options.seed >= 0 && static_cast<std::uint64_t>(options.seed) != job.seed) {
    throw Error(fmt::format("--seed {}: the run was started with seed {}; --resume continues with that seed",
                            options.seed, job.seed));
  }
  if (options.job.empty()) {
    run.take_over_changes(nullptr);
  } else {
    const job::Job given = job::read_job(options.job);
    run.take_over_changes(&given);
  }
  if (options.trials > 0) run.raise_trials(options.trials);
  (void)run.store().list();  // so that every damaged record is known
  shared::warn_of_damage(run.store());
  run.record(trial::EventKind::resumed, fmt::format("workers: {}", options.search.workers));
  return run;
}

job::Job with_options(const Options& options, job::Job job) {
  if (options.seed >= 0) job.seed = static_cast<std::uint64_t>(options.seed);
  if (options.trials > 0) job.budget.trials = options.trials;
  return job;
}

run::Run new_run(const Options& options) {
  if (options.job.empty()) throw Error(options.out + ": no run here to resume");
  const job::Job given = job::read_job(options.job);
  const job::Job job = with_options(options, given);
  // Before the run is made: one without its data would be of no use.
  if (!run::Run::exists(options.out) && (fs::is_directory(options.out) || !fs::exists(options.out))) {
    (void)shared::read_proxy_data(job, run::RunFolder{options.out}.cache(), options.quiet);
  }
  return run::Run::create(options.out, job, &given);
}

/// Writes the winner's files, prints the report, and returns the exit code.
int conclude(const Options& options, run::Run& run, loop::SearchOutcome outcome,
             const std::optional<data::Contents>& contents) {
  report::runs::SearchReport report{run.folder().path, run.job(), std::move(outcome), {}, {}, "", {}, {}, contents};
  report.warning = analysis::dominant_rule(run.store());
  // After a stop the user waits for the program to end; `generate` then teaches the generator when it is asked.
  if (report.outcome.best && report.outcome.end != loop::SearchEnd::stopped) {
    report.generator = sampling::store_generator(run);
  }
  if (report.outcome.best) {
    report.files = result::write_result(run, *report.outcome.best);
    report.alternatives = analysis::best_of_front(run);
  }
  if (options.as_json || !report.outcome.best) {
    report.rejections = analysis::rejections(run.store());
  }
  std::fputs((options.as_json ? search_json(report).dump(2) + "\n" : search_text(report)).c_str(), stdout);
  if (report.outcome.end == loop::SearchEnd::stopped) {
    std::fprintf(stderr, "stopped; continue with: gensynth search %s --out %s --resume\n", options.job.c_str(),
                 options.out.c_str());
    return kStopped;
  }
  if (!report.outcome.best) return kNo;
  return report.failed_trials() > 0 ? kTrialsFailed : kDone;
}

int dry_run(const Options& options) {
  if (options.job.empty()) throw Error("--dry-run: JOB is missing");
  loop::catch_stop_signals();
  const job::Job job = with_options(options, job::read_job(options.job));
  const analysis::DryRun run = analysis::dry_run(job);
  analysis::EstimateRequest request;
  request.out = options.resume ? "" : options.out;
  request.workers = options.search.workers;
  request.should_stop = loop::stop_requested;
  if (!options.quiet) request.say = [](const std::string& line) { std::fprintf(stderr, "%s\n", line.c_str()); };
  std::fputs(report::runs::dry_run_text(run).c_str(), stdout);
  std::fflush(stdout);
  const analysis::SearchEstimate estimate = analysis::estimate_search(job, run, request);
  std::fputs(report::runs::estimate_text(estimate, options.out).c_str(), stdout);
  return kDone;
}

int search(const Options& options) {
  if (!options.resume && options.job.empty()) throw Error("JOB: missing; `gensynth init` writes one to start from");
  if (options.dry_run) return dry_run(options);
  if (options.out.empty()) throw Error("--out: missing; expected a folder for the run");
  loop::catch_stop_signals();
  run::Run run = options.resume && run::Run::exists(options.out) ? resumed_run(options) : new_run(options);
  const std::optional<data::Contents> contents =
      shared::read_proxy_data(run.job(), run.folder().cache(), options.quiet);
  if (!options.quiet) {
    if (contents) shared::print_contents(*contents);
    for (const std::string& warning : job::job_warnings(run.job()))
      std::fprintf(stderr, "warning: %s\n", warning.c_str());
    for (const std::string& conflict : analysis::conflicts(run.context(), kConflictSamples, run.job().seed))
      std::fprintf(stderr, "warning: %s\n", conflict.c_str());
    for (const std::string& note : run.notes()) std::fprintf(stderr, "%s\n", note.c_str());
    if (!options.search.deterministic) {
      std::fprintf(stderr, "proposals depend on which trials finish first; --deterministic makes the log repeatable\n");
    }
  }
  report::runs::ProgressDisplay display(options.quiet);
  loop::SearchOutcome outcome =
      loop::run_search(run, options.search, [&](const loop::SearchProgress& progress) { display.show(progress); });
  display.finish();
  return conclude(options, run, std::move(outcome), contents);
}

}  // namespace

void add_search(CLI::App& program, int& exit_code) {
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand("search", "Search for the best network of a job");
  command->add_option("JOB", options->job, "job file (`gensynth init` writes one)");
  command->add_option("--out", options->out, "folder of the run");
  command->add_flag("--resume", options->resume, "continue the run in --out; --trials may raise its budget");
  command->add_option("--workers", options->search.workers, "worker processes; 0 = one per core")
      ->capture_default_str()
      ->check(CLI::Range(0, 4096));
  command->add_option("--seed", options->seed, "seed, instead of the job's")->check(shared::seed_range());
  const Option& trials = job::budget_options().option("trials");
  command->add_option("--trials", options->trials, trials.help + "; instead of the job's")
      ->check(shared::number_between(trials.low, trials.high));
  command->add_flag("--deterministic", options->search.deterministic, "the same log for any number of workers");
  command->add_flag(
      "--dry-run", options->dry_run,
      "check all that the search needs; print size of the space, feasible share, expected time and disk space; "
      "leave nothing behind");
  command->add_flag("--quiet,-q", options->quiet, "print no progress");
  command->add_flag("--json", options->as_json, "print the result as JSON");
  command->callback([options, &exit_code] { exit_code = search(*options); });
}

}  // namespace gensynth::command
