#include <cstdio>
#include <nlohmann/json.hpp>

#include "architecture/error.hpp"
#include "search/benchmark/table_benchmark.hpp"
#include "search/command/command.hpp"
#include "search/console.hpp"

namespace gensynth {
namespace {

struct Options {
  std::string space = "nasbench201";
  std::string table;
  std::string score;
  std::string report;
  TableBenchmarkOptions benchmark;
  bool as_json = false;
};

std::string text_of(const std::optional<double>& queries) { return queries ? number_text(*queries, 1) : "not found"; }

int on_table(const Options& options) {
  const NasBench201Space space;
  const ScoreTable scores = read_score_table(options.table, options.score, options.report, space);
  const std::vector<StrategySummary> summaries = benchmark_on_table(scores, space, options.benchmark);
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
  Table best(heading);
  heading.erase(heading.begin() + 1, heading.begin() + 4);
  Table chosen(heading);
  for (const StrategySummary& s : summaries) {
    std::vector<std::string> score_cells = {s.strategy, text_of(s.median_queries_to_optimum),
                                            text_of(s.p90_queries_to_optimum), number_text(100 * s.found, 0) + " %"};
    std::vector<std::string> report_cells = {s.strategy};
    for (const auto& [queries, point] : s.mean) {
      score_cells.push_back(number_text(point.score, 3));
      report_cells.push_back(number_text(point.report, 3));
    }
    best.row(std::move(score_cells));
    chosen.row(std::move(report_cells));
  }
  std::printf("best %s so far, mean of %d repeats, by queries\n%s\n%s of the cell chosen, by queries\n%s",
              options.score.c_str(), options.benchmark.repeats, best.text().c_str(), options.report.c_str(),
              chosen.text().c_str());
  return kDone;
}

}  // namespace

void add_benchmark_search(CLI::App& program, int& exit_code) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      program.add_subcommand("benchmark-search", "Compare search strategies where training is a look-up");
  command->add_option("--space", options->space, "space of the table: nasbench201")->capture_default_str();
  command->add_option("--table", options->table, "CSV file, may be compressed: arch_string and columns of numbers")
      ->required();
  command->add_option("--score", options->score, "column that a query tells; higher is better")->required();
  command->add_option("--report", options->report, "column reported of the cell chosen; no strategy sees it")
      ->required();
  command->add_option("--strategies", options->benchmark.strategies, "kinds (docs/job.md), separated by commas")
      ->delimiter(',')
      ->required();
  command->add_option("--queries", options->benchmark.queries, "distinct rows that a search may ask for")
      ->capture_default_str()
      ->check(CLI::Range(1, 1'000'000));
  command->add_option("--repeats", options->benchmark.repeats, "searches of each strategy")
      ->capture_default_str()
      ->check(CLI::Range(1, 100'000));
  command->add_option("--seed", options->benchmark.seed)->capture_default_str();
  command->add_flag("--json", options->as_json, "one JSON object");
  command->callback([options, &exit_code] {
    if (options->space != "nasbench201") {
      throw Error("--space: '" + options->space + "', expected nasbench201" +
                  suggestion(options->space, {"nasbench201"}));
    }
    exit_code = on_table(*options);
  });
}

}  // namespace gensynth
