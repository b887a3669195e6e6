#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "architecture/base/error.hpp"
#include "architecture/base/file.hpp"
#include "search/command/shared/exit_code.hpp"
#include "search/command/shared/flags.hpp"
#include "search/command/shared/run_program.hpp"
#include "search/run/network_ref.hpp"
#include "search/simulation/benchmark_report.hpp"
#include "search/strategy/strategy.hpp"

// gensynth-benchmark: `gensynth benchmark-search`, as a program of its own, so that XGBoost is loaded for it alone.

namespace gensynth::command {
namespace {

using enum shared::ExitCode;

struct Options {
  std::string space = "nasbench201";
  std::string table;
  std::string score;
  std::string report;
  std::vector<std::string> trained;
  std::string without;
  std::string save;
  std::int64_t proposals = simulation::SurrogateBenchmarkOptions{}.proposals;
  simulation::TableBenchmarkOptions benchmark;
  bool as_json = false;
};

int on_table(const Options& options) {
  const nasbench201::NasBench201Space space;
  const simulation::ScoreTable scores =
      simulation::read_score_table(options.table, options.score, options.report, space);
  const std::vector<simulation::StrategySummary> summaries =
      simulation::benchmark_on_table(scores, space, options.benchmark);
  if (options.as_json) {
    const nlohmann::ordered_json result = {{"space", options.space},
                                           {"table", options.table},
                                           {"rows", scores.rows.size()},
                                           {"score", options.score},
                                           {"report", options.report},
                                           {"optimum", scores.optimum},
                                           {"queries", options.benchmark.queries},
                                           {"repeats", options.benchmark.repeats},
                                           {"seed", options.benchmark.seed},
                                           {"strategies", to_json(summaries)}};
    std::printf("%s\n", result.dump(2).c_str());
    return kDone;
  }
  std::fputs(simulation::table_benchmark_text(summaries, options.score, options.report, options.benchmark).c_str(),
             stdout);
  return kDone;
}

int on_surrogate(const Options& options) {
  simulation::TrainedCandidates trained = options.trained.empty()
                                              ? simulation::shipped_trained_candidates()
                                              : simulation::read_trained_candidates(options.trained);
  if (!options.without.empty()) trained = simulation::without_origin(std::move(trained), options.without);
  if (!options.save.empty()) {
    for (const std::string& path : options.trained) run::check_not_read(options.save, run::files_of(path));
    write_file_atomically(options.save, to_json(trained).dump() + "\n");
    if (options.benchmark.strategies.empty()) {
      std::printf("wrote %s: %zu candidates\n", options.save.c_str(), trained.rows.size());
      return kDone;
    }
  }
  if (options.benchmark.strategies.empty()) throw Error("--strategies is missing, expected kinds (docs/job.md)");
  for (const std::string& kind : options.benchmark.strategies) {
    // before the surrogate objective is fitted, which takes seconds
    (void)strategy::strategy_spec_from_json({{"kind", kind}}, "--strategies", "/" + kind);
  }
  const simulation::SurrogateBenchmark benchmark(trained);
  const simulation::SurrogateBenchmarkOptions asked{options.benchmark.strategies, options.benchmark.queries,
                                                    options.proposals, options.benchmark.repeats,
                                                    options.benchmark.seed};
  const std::vector<simulation::SurrogateSummary> summaries = simulation::run_surrogate_benchmark(benchmark, asked);
  const simulation::SurrogateObjective::Quality& quality = benchmark.objective().quality();
  if (options.as_json) {
    const nlohmann::ordered_json result = {
        {"space", options.space},
        {"candidates", quality.candidates},
        {"stand_in", {{"r2", quality.r2}, {"rmse", quality.rmse}, {"kendall", quality.kendall}}},
        {"trials", asked.trials},
        {"proposals", asked.proposals},
        {"repeats", asked.repeats},
        {"seed", asked.seed},
        {"strategies", to_json(summaries)}};
    std::printf("%s\n", result.dump(2).c_str());
    return kDone;
  }
  std::fputs(simulation::surrogate_benchmark_text(summaries, quality, asked.repeats).c_str(), stdout);
  return kDone;
}

/// Refuses options of the other kind of benchmark.
void check_flags(const CLI::App& command, const Options& options) {
  const std::vector<std::string> spaces = {"nasbench201", "columnar"};
  if (std::find(spaces.begin(), spaces.end(), options.space) == spaces.end()) {
    throw Error("--space: '" + options.space + "', expected nasbench201 or columnar" +
                suggestion(options.space, spaces));
  }
  const bool on_table = options.space == "nasbench201";
  for (const char* flag : {"--table", "--score", "--report", "--trained", "--without", "--save", "--proposals"}) {
    const bool of_table =
        std::string(flag) == "--table" || std::string(flag) == "--score" || std::string(flag) == "--report";
    const bool given = command.get_option(flag)->count() > 0;
    if (given && of_table != on_table) throw Error(std::string(flag) + " has no meaning with --space " + options.space);
    if (!given && of_table && on_table) throw Error(std::string(flag) + " is missing; --space nasbench201 needs it");
  }
  if (on_table && options.benchmark.strategies.empty()) {
    throw Error("--strategies is missing, expected kinds (docs/job.md)");
  }
}

/// Adds the options to `command`, which runs the benchmark once they are parsed.
void add_options(CLI::App& program, int& exit_code) {
  CLI::App* command = &program;
  auto options = std::make_shared<Options>();
  command
      ->add_option("--space", options->space,
                   "nasbench201: a table; columnar: a surrogate objective instead of training")
      ->capture_default_str();
  command->add_option("--table", options->table, "CSV file, may be compressed: arch_string and columns of numbers");
  command->add_option("--score", options->score, "column that a query returns; higher is better");
  command->add_option("--report", options->report, "column reported for the chosen cell; no strategy sees it");
  command
      ->add_option("--trained", options->trained,
                   "columnar: files of trained candidates, or runs, instead of those that gensynth brings")
      ->delimiter(',');
  command->add_option("--without", options->without,
                      "columnar: leaves out the trained candidates that this strategy proposed");
  command->add_option("--save", options->save, "columnar: writes the trained candidates into one file");
  command
      ->add_option("--proposals", options->proposals,
                   "columnar: limit of proposals of a search, including rejected ones")
      ->capture_default_str()
      ->check(CLI::Range(1, 1'000'000'000));
  command->add_option("--strategies", options->benchmark.strategies, "kinds (docs/job.md), separated by commas")
      ->delimiter(',');
  command
      ->add_option("--queries", options->benchmark.queries,
                   "maximum number of distinct rows, or of trials, in a search")
      ->capture_default_str()
      ->check(CLI::Range(1, 1'000'000));
  command->add_option("--repeats", options->benchmark.repeats, "number of searches of each strategy")
      ->capture_default_str()
      ->check(CLI::Range(1, 100'000));
  command->add_option("--seed", options->benchmark.seed)->capture_default_str()->check(shared::seed_range());
  command->add_flag("--json", options->as_json, "print one JSON object");
  command->callback([command, options, &exit_code] {
    check_flags(*command, *options);
    exit_code = options->space == "columnar" ? on_surrogate(*options) : on_table(*options);
  });
}

}  // namespace
}  // namespace gensynth::command

int main(int argc, char** argv) {
  int exit_code = gensynth::command::shared::kDone;
  CLI::App program("Compare search strategies where training is a look-up");
  program.name("gensynth benchmark-search");
  program.get_formatter()->column_width(34);
  gensynth::command::add_options(program, exit_code);
  return gensynth::command::shared::run_program(program, argc, argv, exit_code);
}
