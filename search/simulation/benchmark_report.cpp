#include "search/simulation/benchmark_report.hpp"

#include <fmt/format.h>

#include "search/report/format.hpp"
#include "search/report/table.hpp"

namespace gensynth::simulation {
namespace {

std::string text_of(const std::optional<double>& queries) {
  return queries ? report::number_text(*queries, 1) : "not found";
}

std::string text_of(const MeanInterval& interval, int digits) {
  return report::number_text(interval.mean, digits) + " ± " + report::number_text(interval.half, digits);
}

std::string measures_text(const std::vector<std::string>& heading, const std::vector<SurrogateSummary>& summaries,
                          std::map<int, SurrogateSummary::Point> SurrogateSummary::*points) {
  report::Table chosen(heading), best(heading), volume(heading);
  for (const SurrogateSummary& s : summaries) {
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
  return fmt::format(
      "U of the candidate chosen\n{}\nbest feasible U among the trials\n{}\nhypervolume of accuracy by latency\n{}",
      chosen.text(), best.text(), volume.text());
}

}  // namespace

std::string table_benchmark_text(const std::vector<StrategySummary>& summaries, const std::string& score,
                                 const std::string& report, const TableBenchmarkOptions& options) {
  std::vector<std::string> heading = {"strategy", "median to optimum", "90th percentile", "found"};
  for (const auto& [queries, point] : summaries.front().mean) heading.push_back(std::to_string(queries));
  report::Table best(heading);
  heading.erase(heading.begin() + 1, heading.begin() + 4);
  report::Table chosen(heading);
  for (const StrategySummary& s : summaries) {
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
  return fmt::format("best {} so far, mean of {} repeats, by queries\n{}\n{} of the cell chosen, by queries\n{}", score,
                     options.repeats, best.text(), report, chosen.text());
}

std::string surrogate_benchmark_text(const std::vector<SurrogateSummary>& summaries,
                                     const SurrogateObjective::Quality& quality, int repeats) {
  std::string text = fmt::format(
      "surrogate objective: boosted trees over {} trained candidates; left out of the fit they are predicted "
      "with R2 {:.2f}, Kendall {:.2f}, residuals of {:.2f} % of accuracy\n",
      quality.candidates, quality.r2, quality.kendall, quality.rmse);
  std::vector<std::string> heading = {"strategy"};
  for (const auto& [trials, point] : summaries.front().points) heading.push_back(std::to_string(trials));
  text += fmt::format("mean of {} repeats and its 95 % interval, by trials; without noise\n\n", repeats);
  text += measures_text(heading, summaries, &SurrogateSummary::points);
  if (summaries.size() > 1) {
    text += fmt::format("\nby how much {} is ahead of them, repeat by repeat\n\n", summaries.front().strategy);
    text += measures_text(heading, {summaries.begin() + 1, summaries.end()}, &SurrogateSummary::behind);
  }
  for (const SurrogateSummary& s : summaries) {
    if (s.infeasible > 0) {
      text += fmt::format("{}: {:.1f} ± {:.1f} % of the trials were feasible once measured\n", s.strategy,
                          100 * s.feasible.mean, 100 * s.feasible.half);
    }
    if (s.cut_short > 0) {
      text += fmt::format("{}: proposals ran out in {} of {} repeats\n", s.strategy, s.cut_short, repeats);
    }
  }
  return text;
}

}  // namespace gensynth::simulation
