#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "architecture/base/error.hpp"
#include "architecture/base/file.hpp"
#include "search/command/command.hpp"
#include "search/report/console.hpp"
#include "search/simulation/surrogate_summary.hpp"
#include "search/simulation/table_benchmark.hpp"
#include "search/strategy/strategy.hpp"

namespace gensynth::command {
namespace {

struct Options {
  std::string space = "nasbench201";
  std::string table;
  std::string score;
  std::string report;
  std::vector<std::string> trained;
  std::string save;
  std::int64_t proposals = simulation::SurrogateBenchmarkOptions{}.proposals;
  simulation::TableBenchmarkOptions benchmark;
  bool as_json = false;
};

std::string text_of(const std::optional<double>& queries) {
  return queries ? report::number_text(*queries, 1) : "not found";
}

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
  std::vector<std::string> heading = {"strategy", "median to optimum", "90th percentile", "found"};
  for (const auto& [queries, point] : summaries.front().mean) heading.push_back(std::to_string(queries));
  report::Table best(heading);
  heading.erase(heading.begin() + 1, heading.begin() + 4);
  report::Table chosen(heading);
  for (const simulation::StrategySummary& s : summaries) {
    std::vector<std::string> score_cells = {s.strategy, text_of(s.median_queries_to_optimum),
                                            text_of(s.p90_queries_to_optimum),
                                            report::number_text(100 * s.found, 0) + " %"};
    std::vector<std::string> report_cells = {s.strategy};
    for (const auto& [queries, point] : s.mean) {
      score_cells.push_back(report::number_text(point.score, 3));
      report_cells.push_back(report::number_text(point.report, 3));
    }
    best.row(std::move(score_cells));
    chosen.row(std::move(report_cells));
  }
  std::printf("best %s so far, mean of %d repeats, by queries\n%s\n%s of the cell chosen, by queries\n%s",
              options.score.c_str(), options.benchmark.repeats, best.text().c_str(), options.report.c_str(),
              chosen.text().c_str());
  return kDone;
}

std::string text_of(const simulation::Interval& interval, int digits) {
  return report::number_text(interval.mean, digits) + " ± " + report::number_text(interval.half, digits);
}

void print_measures(const std::vector<std::string>& heading, const std::vector<simulation::SurrogateSummary>& summaries,
                    std::map<int, simulation::SurrogateSummary::Point> simulation::SurrogateSummary::*points) {
  report::Table chosen(heading), best(heading), volume(heading);
  for (const simulation::SurrogateSummary& s : summaries) {
    std::vector<std::string> u = {s.strategy}, top = {s.strategy}, area = {s.strategy};
    for (const auto& [trials, point] : s.*points) {
      u.push_back(point.searches > 0 ? text_of(point.chosen, 2) : "none feasible");
      top.push_back(point.searches > 0 ? text_of(point.best, 2) : "none feasible");
      area.push_back(text_of(point.hypervolume, 4));
    }
    chosen.row(std::move(u));
    best.row(std::move(top));
    volume.row(std::move(area));
  }
  std::printf(
      "U of the candidate chosen\n%s\nbest feasible U among the trials\n%s\nhypervolume of accuracy by latency\n%s",
      chosen.text().c_str(), best.text().c_str(), volume.text().c_str());
}

int on_surrogate(const Options& options) {
  const simulation::TrainedCandidates trained = options.trained.empty()
                                                    ? simulation::shipped_trained_candidates()
                                                    : simulation::read_trained_candidates(options.trained);
  if (!options.save.empty()) {
    write_file_atomically(options.save, to_json(trained).dump() + "\n");
    if (options.benchmark.strategies.empty()) {
      std::printf("wrote %s: %zu candidates\n", options.save.c_str(), trained.rows.size());
      return kDone;
    }
  }
  if (options.benchmark.strategies.empty()) throw Error("--strategies is missing, expected kinds (docs/job.md)");
  for (const std::string& kind : options.benchmark.strategies) {
    strategy::check_strategy({{"kind", kind}}, "--strategies", "/" + kind);  // before seconds go into the stand-in
  }
  const simulation::SurrogateBenchmark benchmark(trained);
  const simulation::SurrogateBenchmarkOptions asked{options.benchmark.strategies, options.benchmark.queries,
                                                    options.proposals, options.benchmark.repeats,
                                                    options.benchmark.seed};
  const std::vector<simulation::SurrogateSummary> summaries = simulation::run_surrogate_benchmark(benchmark, asked);
  const simulation::SurrogateObjective::Quality& quality = benchmark.world().quality();
  if (options.as_json) {
    const nlohmann::ordered_json result = {
        {"space", options.space},
        {"candidates", quality.candidates},
        {"replacement", {{"r2", quality.r2}, {"rmse", quality.rmse}, {"kendall", quality.kendall}}},
        {"trials", asked.trials},
        {"proposals", asked.proposals},
        {"repeats", asked.repeats},
        {"seed", asked.seed},
        {"strategies", to_json(summaries)}};
    std::printf("%s\n", result.dump(2).c_str());
    return kDone;
  }
  std::printf(
      "stand-in for training: boosted trees over %zu trained candidates; left out of the fit they are predicted "
      "with R2 %.2f, Kendall %.2f, residuals of %.2f %% of accuracy\n",
      quality.candidates, quality.r2, quality.kendall, quality.rmse);
  std::vector<std::string> heading = {"strategy"};
  for (const auto& [trials, point] : summaries.front().points) heading.push_back(std::to_string(trials));
  std::printf("mean of %d repeats and its 95 %% interval, by trials; without noise\n\n", asked.repeats);
  print_measures(heading, summaries, &simulation::SurrogateSummary::points);
  if (summaries.size() > 1) {
    std::printf("\nby how much %s is ahead of them, repeat by repeat\n\n", summaries.front().strategy.c_str());
    print_measures(heading, {summaries.begin() + 1, summaries.end()}, &simulation::SurrogateSummary::behind);
  }
  for (const simulation::SurrogateSummary& s : summaries) {
    if (s.infeasible > 0) {
      std::printf("%s: %.1f ± %.1f %% of the trials were feasible once measured\n", s.strategy.c_str(),
                  100 * s.feasible.mean, 100 * s.feasible.half);
    }
    if (s.cut_short == 0) continue;
    std::printf("%s: proposals ran out in %d of %d repeats\n", s.strategy.c_str(), s.cut_short, asked.repeats);
  }
  return kDone;
}

/// What belongs to one kind of benchmark is an error with the other.
void check_flags(const CLI::App& command, const Options& options) {
  const std::vector<std::string> spaces = {"nasbench201", "columnar"};
  if (std::find(spaces.begin(), spaces.end(), options.space) == spaces.end()) {
    throw Error("--space: '" + options.space + "', expected nasbench201 or columnar" +
                suggestion(options.space, spaces));
  }
  const bool on_table = options.space == "nasbench201";
  for (const char* flag : {"--table", "--score", "--report", "--trained", "--save", "--proposals"}) {
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

}  // namespace

void add_benchmark_search(CLI::App& program, int& exit_code) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      program.add_subcommand("benchmark-search", "Compare search strategies where training is a look-up");
  command->add_option("--space", options->space, "nasbench201: a table; columnar: a stand-in for training")
      ->capture_default_str();
  command->add_option("--table", options->table, "CSV file, may be compressed: arch_string and columns of numbers");
  command->add_option("--score", options->score, "column that a query tells; higher is better");
  command->add_option("--report", options->report, "column reported of the cell chosen; no strategy sees it");
  command
      ->add_option("--trained", options->trained,
                   "columnar: files of trained candidates, or runs, instead of those that gensynth brings")
      ->delimiter(',');
  command->add_option("--save", options->save, "columnar: writes the trained candidates into one file");
  command->add_option("--proposals", options->proposals, "columnar: a search's limit, rejected ones included")
      ->capture_default_str()
      ->check(CLI::Range(1, 1'000'000'000));
  command->add_option("--strategies", options->benchmark.strategies, "kinds (docs/job.md), separated by commas")
      ->delimiter(',');
  command->add_option("--queries", options->benchmark.queries, "distinct rows, or trials, that a search may ask for")
      ->capture_default_str()
      ->check(CLI::Range(1, 1'000'000));
  command->add_option("--repeats", options->benchmark.repeats, "searches of each strategy")
      ->capture_default_str()
      ->check(CLI::Range(1, 100'000));
  command->add_option("--seed", options->benchmark.seed)->capture_default_str();
  command->add_flag("--json", options->as_json, "one JSON object");
  command->callback([command, options, &exit_code] {
    check_flags(*command, *options);
    exit_code = options->space == "columnar" ? on_surrogate(*options) : on_table(*options);
  });
}

}  // namespace gensynth::command
