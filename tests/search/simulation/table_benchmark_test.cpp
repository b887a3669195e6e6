#include "search/simulation/table_benchmark.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "architecture/base/error.hpp"
#include "tests/search/simulation/table_fixture.hpp"

namespace gensynth::simulation {
namespace {

class TableBenchmarkTest : public ::testing::Test {
 protected:
  nasbench201::NasBench201Space space;
  ScoreTable table = testing::made_up_table();
  TableBenchmarkOptions options{{"random", "local_search"}, 120, 6, 3};
};

TEST_F(TableBenchmarkTest, EverySearchQueriesTheSameNumberOfRows) {
  const SearchCurve curve = search_table(table, space, "local_search", options, 0);
  EXPECT_EQ(curve.points.rbegin()->first, 120);
  ASSERT_TRUE(curve.queries_to_optimum);
  EXPECT_LE(*curve.queries_to_optimum, 120);
}

TEST_F(TableBenchmarkTest, ARowThatTheTableLacksIsAnError) {
  std::erase_if(table.rows, [](const auto& row) { return row.first[0] > 0; });
  EXPECT_THROW((void)search_table(table, space, "random", options, 0), Error);
}

TEST_F(TableBenchmarkTest, BestScoreNeverFallsAndReportIsOfTheCellChosen) {
  const SearchCurve curve = search_table(table, space, "regularized_evolution", options, 1);
  double before = 0;
  for (const auto& [queries, point] : curve.points) {
    EXPECT_GE(point.score, before) << queries;
    EXPECT_NEAR(point.report, 100 - point.score, 1e-9) << "evolution chooses the best it queried";
    before = point.score;
  }
}

TEST_F(TableBenchmarkTest, IsTheSameForTheSameSeedWhateverRunsBeside) {
  const auto whole = to_json(benchmark_on_table(table, space, options));
  EXPECT_EQ(whole, to_json(benchmark_on_table(table, space, options)));
  TableBenchmarkOptions alone = options;
  alone.strategies = {"local_search"};
  EXPECT_EQ(to_json(benchmark_on_table(table, space, alone))["local_search"], whole["local_search"]);
  alone.seed = 4;
  EXPECT_NE(to_json(benchmark_on_table(table, space, alone))["local_search"], whole["local_search"]);
}

TEST_F(TableBenchmarkTest, SummarisesByStrategy) {
  const nlohmann::json result = to_json(benchmark_on_table(table, space, options));
  ASSERT_EQ(result.size(), 2U);
  const nlohmann::json& local = result["local_search"];
  EXPECT_LE(local["median_queries_to_optimum"], local["p90_queries_to_optimum"]);
  EXPECT_EQ(local["found"], 1);
  EXPECT_EQ(local["mean"]["120"]["score"], 90);
  EXPECT_EQ(local["standard_error"]["120"]["score"], 0);
  EXPECT_TRUE(local["mean"].contains("50"));
  EXPECT_TRUE(result["random"]["p90_queries_to_optimum"].is_null()) << "not found by so many";
  EXPECT_LT(result["random"]["mean"]["120"]["score"], 90);
}

TEST_F(TableBenchmarkTest, RefusesAnUnknownStrategy) {
  options.strategies = {"randm"};
  EXPECT_THROW((void)benchmark_on_table(table, space, options), Error);
}

}  // namespace
}  // namespace gensynth::simulation
