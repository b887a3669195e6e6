#include <fmt/format.h>

#include <cstdio>
#include <filesystem>

#include "architecture/base/error.hpp"
#include "architecture/base/file.hpp"
#include "runtime/data/dataset.hpp"
#include "search/analysis/dry_run.hpp"
#include "search/command/command.hpp"
#include "search/loop/results.hpp"
#include "search/loop/search_loop.hpp"
#include "search/loop/signals.hpp"
#include "search/report/console.hpp"
#include "search/report/progress.hpp"
#include "search/store/store.hpp"

namespace gensynth::command {
namespace {

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

void print_winner(const job::Job& job, const trial::Trial& winner, const loop::ResultFiles& files) {
  report::Table table({"AttendNeXt", "trial " + std::to_string(winner.id)});
  table.row({"U", report::number_text(*winner.u) + " dB"});
  for (const auto& [name, quantity] : winner.metrics) table.row({name, report::quantity_text(quantity)});
  std::printf("\n%s", table.text().c_str());
  for (const constraints::Verdict& verdict : winner.verdicts) {
    const report::Style style = verdict.satisfied ? report::Style::good : report::Style::note;
    std::printf("  %s %s\n", report::styled(verdict.satisfied ? "met     " : "violated", style).c_str(),
                verdict.message.c_str());
  }
  if (job.proxy.enabled) std::printf("proxy accuracy is of a short training on a hold-out, not ImageNet accuracy\n");
  for (const std::string& path : files.written) std::printf("wrote %s\n", path.c_str());
  for (const std::string& remark : files.remarks) std::printf("note: %s\n", remark.c_str());
}

/// Before anything is written: what a search without its data would leave behind is of no use.
void check_data(const job::Job& job) {
  if (job.proxy.enabled) data::Dataset::check_source(job.data);
}

/// A run that exists is gone on with as it was started: its own job, a larger number of trials if asked.
job::Job resumed_job(const Options& options, const run::RunFolder& run) {
  job::Job job = job::read_job(run.job());
  if (options.seed >= 0 && static_cast<std::uint64_t>(options.seed) != job.seed) {
    throw Error(
        fmt::format("--seed {}: the run was started with seed {}; --resume goes on with it", options.seed, job.seed));
  }
  check_data(job);
  if (options.trials > 0 && options.trials != job.budget.trials) {
    if (options.trials < job.budget.trials) {
      throw Error(fmt::format("--trials {}: the run has a budget of {}; expected a larger one", options.trials,
                              job.budget.trials));
    }
    job.budget.trials = options.trials;
    write_file_atomically(run.job(), to_json(job).dump(2) + "\n");
  }
  return job;
}

const char* to_string(loop::SearchEnd end) {
  switch (end) {
    case loop::SearchEnd::finished:
      return "finished";
    case loop::SearchEnd::stopped:
      return "stopped";
    case loop::SearchEnd::out_of_proposals:
      return "out_of_proposals";
    case loop::SearchEnd::out_of_time:
      break;
  }
  return "out_of_time";
}

/// Which budget ended the search before the one of trials did; "" when none did.
std::string early_end(const job::Job& job, const loop::SearchOutcome& outcome) {
  if (outcome.end == loop::SearchEnd::out_of_proposals) {
    return fmt::format("the budget of {} proposals is used up before {} trials were evaluated", job.budget.proposals,
                       job.budget.trials);
  }
  if (outcome.end == loop::SearchEnd::out_of_time) {
    return fmt::format("the budget of {:g} minutes is used up before {} trials were evaluated", job.budget.minutes,
                       job.budget.trials);
  }
  return "";
}

int conclude(const Options& options, const run::RunFolder& run, const job::Job& job,
             const loop::SearchOutcome& outcome) {
  const auto failed = outcome.counts.find("failed");
  const std::int64_t failures = failed == outcome.counts.end() ? 0 : failed->second;
  loop::ResultFiles files;
  if (outcome.best) files = loop::write_result(run, job, *outcome.best);
  if (options.as_json) {
    nlohmann::ordered_json result = {
        {"run", run.path},        {"counts", outcome.counts},      {"winner", nullptr},
        {"files", files.written}, {"end", to_string(outcome.end)}, {"rejects", loop::rejects_to_json(run)}};
    if (outcome.best) result["winner"] = to_json(*outcome.best);
    std::printf("%s\n", result.dump(2).c_str());
  } else {
    std::string counts;
    for (const auto& [state, count] : outcome.counts)
      counts += fmt::format("{}{} {}", counts.empty() ? "" : ", ", count, state);
    std::printf("%s\n", counts.c_str());
    if (outcome.best) {
      print_winner(job, *outcome.best, files);
    }
    if (const std::string early = early_end(job, outcome); !early.empty()) std::printf("%s\n", early.c_str());
    if (!outcome.best && outcome.end != loop::SearchEnd::stopped) {
      std::printf("no feasible candidate was found\n%s", loop::reject_table(run).c_str());
    }
    if (failures > 0)
      std::printf("%lld trials failed: gensynth log %s list --state failed\n", static_cast<long long>(failures),
                  run.path.c_str());
  }
  if (outcome.end == loop::SearchEnd::stopped) {
    std::fprintf(stderr, "stopped; go on with: gensynth search %s --out %s --resume\n", options.job.c_str(),
                 options.out.c_str());
    return kStopped;
  }
  if (!outcome.best) return kNo;
  return failures > 0 ? kTrialsFailed : kDone;
}

int search(const Options& options) {
  if (!options.resume && options.job.empty()) throw Error("JOB: missing; `gensynth init` writes one to start from");
  if (options.dry_run) {
    job::Job job = job::read_job(options.job);
    if (options.seed >= 0) job.seed = static_cast<std::uint64_t>(options.seed);
    if (options.trials > 0) job.budget.trials = options.trials;
    std::printf("%s", analysis::dry_run_report(job).c_str());
    return kDone;
  }
  if (options.out.empty()) throw Error("--out: missing; expected a folder for the run");
  loop::catch_stop_signals();
  run::RunFolder run;
  job::Job job;
  if (options.resume && std::filesystem::exists(run::RunFolder{options.out}.database())) {
    run = run::open_run(options.out);
    job = resumed_job(options, run);
  } else {
    if (options.job.empty()) throw Error(options.out + ": no run here to resume");
    job = job::read_job(options.job);
    if (options.seed >= 0) job.seed = static_cast<std::uint64_t>(options.seed);
    if (options.trials > 0) job.budget.trials = options.trials;
    check_data(job);
    run = run::create_run(options.out, job);
    job.source = run.job();
  }
  const run::RunLock lock(run);
  if (!std::filesystem::exists(run.database())) (void)store::Store::create(run.database());
  if (!options.quiet) {
    for (const std::string& warning : job::job_warnings(job)) std::fprintf(stderr, "warning: %s\n", warning.c_str());
    for (const job::Start& start : job.start_from) {
      if (!start.note.empty()) std::fprintf(stderr, "start_from: %s\n", start.note.c_str());
    }
    if (!options.search.deterministic) {
      std::fprintf(stderr, "proposals depend on which trials finish first; --deterministic makes the log repeatable\n");
    }
  }
  report::ProgressDisplay display(options.quiet);
  const loop::SearchOutcome outcome =
      loop::run_search(run, job, options.search, [&](const loop::SearchProgress& progress) { display.show(progress); });
  display.finish();
  return conclude(options, run, job, outcome);
}

}  // namespace

void add_search(CLI::App& program, int& exit_code) {
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand("search", "Search for the best network of a job");
  command->add_option("JOB", options->job, "job file (`gensynth init` writes one)");
  command->add_option("--out", options->out, "folder of the run");
  command->add_flag("--resume", options->resume, "go on with the run in --out, with more trials if --trials says so");
  command->add_option("--workers", options->search.workers, "worker processes; 0 = one per core")
      ->capture_default_str()
      ->check(CLI::Range(0, 4096));
  command->add_option("--seed", options->seed, "instead of the job's")->check(CLI::Range(std::int64_t{0}, INT64_MAX));
  command->add_option("--trials", options->trials, "candidates to evaluate, instead of the job's")
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{1'000'000'000}));
  command->add_flag("--deterministic", options->search.deterministic, "the same log for any number of workers");
  command->add_flag("--dry-run", options->dry_run, "size of the space, share that is feasible, expected cost");
  command->add_flag("--quiet,-q", options->quiet, "no progress");
  command->add_flag("--json", options->as_json, "the result, for machines");
  command->callback([options, &exit_code] { exit_code = search(*options); });
}

}  // namespace gensynth::command
