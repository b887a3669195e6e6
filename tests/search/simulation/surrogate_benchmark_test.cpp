#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "architecture/base/error.hpp"
#include "search/simulation/surrogate_summary.hpp"
#include "tests/search/simulation/trained_fixture.hpp"

namespace gensynth::simulation {
namespace {

class SurrogateBenchmarkTest : public ::testing::Test {
 protected:
  TrainedCandidates trained = testing::made_up_candidates(80, 0.2);
  SurrogateBenchmark benchmark{trained};
  SurrogateBenchmarkOptions options{{"random", "regularized_evolution"}, 25, 5000, 4, 3};
};

TEST_F(SurrogateBenchmarkTest, BestAndHypervolumeNeverFallAndChosenIsAmongTheTrials) {
  for (const char* strategy : {"random", "regularized_evolution", "local_search", "bayesian"}) {
    const SurrogateCurve curve = benchmark.search(strategy, options, 0);
    EXPECT_EQ(curve.trials, 25);
    EXPECT_GE(curve.proposals, 25);
    ASSERT_EQ(curve.points.size(), 2U);
    SurrogatePoint before{-1e9, -1e9, 0};
    EXPECT_EQ(curve.feasible, 25);
    for (const auto& [trials, point] : curve.points) {
      EXPECT_GE(point.best, before.best) << strategy << trials;
      EXPECT_GE(point.hypervolume, before.hypervolume) << strategy << trials;
      EXPECT_LE(point.chosen, point.best) << strategy << trials;
      EXPECT_GT(point.hypervolume, 0);
      EXPECT_LE(point.hypervolume, 1);
      before = point;
    }
  }
}

constraints::ConstraintSpec expression(const std::string& label, const std::string& text) {
  return registry::ConstraintRegistry().read({{"constraint", "expression"}, {"label", label}, {"expression", text}},
                                             "test", "/constraints");
}

TEST_F(SurrogateBenchmarkTest, TheSameRepeatGivesTheSameTrialsOfRandomAndOthersDoNot) {
  EXPECT_EQ(benchmark.search("random", options, 1).points.at(25).best,
            benchmark.search("random", options, 1).points.at(25).best);
  EXPECT_NE(benchmark.search("random", options, 1).points.at(25).best,
            benchmark.search("random", options, 2).points.at(25).best);
}

TEST_F(SurrogateBenchmarkTest, InfeasibleProposalsAreNoTrials) {
  TrainedCandidates strict = trained;
  strict.job.constraints[0].parameters["expression"] = "macs < 2e6";
  const SurrogateBenchmark hard(strict);
  const SurrogateCurve curve = hard.search("random", options, 0);
  EXPECT_GT(curve.proposals, benchmark.search("random", options, 0).proposals);
}

TEST_F(SurrogateBenchmarkTest, EndsWithItsProposals) {
  options.proposals = 10;
  const SurrogateCurve curve = benchmark.search("random", options, 0);
  EXPECT_EQ(curve.proposals, 10);
  EXPECT_LE(curve.trials, 10);
  ASSERT_EQ(curve.points.count(25), 1U) << "the last point stands for the rest";
  const std::vector<SurrogateSummary> summaries = run_surrogate_benchmark(benchmark, options);
  EXPECT_EQ(summaries.front().cut_short, 4);
  TrainedCandidates never = trained;
  never.job.constraints[0].parameters["expression"] = "macs < 1";
  EXPECT_THROW((void)run_surrogate_benchmark(SurrogateBenchmark(never), options), Error);
}

TEST_F(SurrogateBenchmarkTest, SummarisesWithIntervals) {
  const std::vector<SurrogateSummary> summaries = run_surrogate_benchmark(benchmark, options);
  ASSERT_EQ(summaries.size(), 2U);
  std::vector<double> best;
  for (int repeat = 0; repeat < 4; ++repeat) {
    best.push_back(*benchmark.search("regularized_evolution", options, repeat).points.at(25).best);
  }
  double mean = 0, squares = 0;
  for (const double b : best) mean += b / 4;
  for (const double b : best) squares += (b - mean) * (b - mean);
  const MeanInterval& interval = summaries[1].points.at(25).best;
  EXPECT_NEAR(interval.mean, mean, 1e-9);
  EXPECT_NEAR(interval.half, 3.182 * std::sqrt(squares / 3 / 4), 0.02 * interval.half) << "Student's t, 3 degrees";
  const nlohmann::json written = to_json(summaries);
  EXPECT_EQ(written["regularized_evolution"]["at"]["25"]["best_u"]["mean"], interval.mean);
}

TEST_F(SurrogateBenchmarkTest, ReportsTheLeadOfTheFirstStrategy) {
  const std::vector<SurrogateSummary> summaries = run_surrogate_benchmark(benchmark, options);
  EXPECT_TRUE(summaries[0].behind.empty());
  std::vector<double> ahead;
  for (int repeat = 0; repeat < 4; ++repeat) {
    ahead.push_back(*benchmark.search("random", options, repeat).points.at(25).best -
                    *benchmark.search("regularized_evolution", options, repeat).points.at(25).best);
  }
  const MeanInterval expected = mean_interval(ahead);
  EXPECT_NEAR(summaries[1].behind.at(25).best.mean, expected.mean, 1e-9);
  EXPECT_NEAR(summaries[1].behind.at(25).best.half, expected.half, 1e-9);
  EXPECT_NEAR(to_json(summaries)["regularized_evolution"]["behind_first"]["25"]["best_u"]["mean"].get<double>(),
              expected.mean, 1e-9);
}

/// A floor on measured accuracy: a candidate that misses it counts as a trial only.
TEST_F(SurrogateBenchmarkTest, CandidatesThatMissAMeasuredBoundCountAsTrialsOnly) {
  std::vector<double> measured;
  for (const TrainedCandidates::Row& row : trained.rows) measured.push_back(row.accuracy);
  std::nth_element(measured.begin(), measured.begin() + 40, measured.end());
  TrainedCandidates bounded = trained;
  bounded.job.constraints.push_back(expression("floor", "proxy_top1 > " + std::to_string(measured[40])));
  const SurrogateBenchmark floor(bounded);
  options.strategies = {"random", "bayesian"};
  const std::vector<SurrogateSummary> summaries = run_surrogate_benchmark(floor, options);
  EXPECT_LT(summaries[0].feasible.mean, 0.9);
  EXPECT_GT(summaries[0].feasible.mean, 0.1);
  EXPECT_EQ(run_surrogate_benchmark(benchmark, options)[0].feasible.mean, 1);
  bounded.job.constraints.back().parameters["expression"] = "proxy_top1 > 200";
  const SurrogateBenchmark never(bounded);
  const std::vector<SurrogateSummary> none = run_surrogate_benchmark(never, options);
  EXPECT_EQ(none[0].points.at(25).searches, 0);
  EXPECT_EQ(none[0].points.at(25).hypervolume.mean, 0);
}

TEST_F(SurrogateBenchmarkTest, RefusesUnknownStrategiesAndMetrics) {
  options.strategies = {"randm"};
  EXPECT_THROW((void)run_surrogate_benchmark(benchmark, options), Error);
  TrainedCandidates unknown = trained;
  unknown.job.constraints.push_back(expression("loss", "proxy_loss < 2"));
  try {
    SurrogateBenchmark{unknown};
    FAIL() << "a bound on a metric that the surrogate objective does not provide was accepted";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), ::testing::HasSubstr(unknown.job.source + ": /constraints: "));
    EXPECT_THAT(error.what(), ::testing::HasSubstr("proxy_loss"));
  }
  trained.job.objective.accuracy = "top1";
  EXPECT_THROW(SurrogateBenchmark{trained}, Error);
}

}  // namespace
}  // namespace gensynth::simulation
