#include "search/analysis/trial_query.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "architecture/base/error.hpp"
#include "tests/search/scratch.hpp"

namespace gensynth::analysis {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

class TrialQueryTest : public ::testing::Test {
 protected:
  std::vector<trial::Trial> query(const TrialQuery& query) const { return query_trials(run.store(), query); }

  testing::Scratch scratch;
  loop::SearchOutcome outcome = testing::search(scratch / "run", testing::untrained_job());
  run::Run run = run::Run::open(scratch / "run", run::RunMode::read);
};

TEST_F(TrialQueryTest, ConditionsSelectByStateMetricsAndFields) {
  const std::vector<trial::Trial> all = query({.state = "all"});
  std::vector<double> latencies;
  for (const trial::Trial& t : all) {
    if (t.state == trial::TrialState::scored) latencies.push_back(t.metrics.at("latency_ms").value);
  }
  ASSERT_GT(latencies.size(), 4U);
  std::nth_element(latencies.begin(), latencies.begin() + 3, latencies.end());
  const std::string bound = std::to_string(latencies[3]);
  const std::vector<trial::Trial> fast =
      query({.state = "all", .where = "latency_ms < " + bound + " and state == scored"});
  EXPECT_GE(fast.size(), 3U);
  EXPECT_LT(fast.size(), latencies.size());
  for (const trial::Trial& t : fast) {
    EXPECT_EQ(t.state, trial::TrialState::scored);
    EXPECT_LT(t.metrics.at("latency_ms").value, latencies[3] + 1e-5);
  }
  EXPECT_EQ(query({.where = "trial <= 0"}).size(), 0U);
  EXPECT_EQ(query({.state = "all", .where = "feasible == 1"}).size() +
                query({.state = "all", .where = "feasible == 0"}).size(),
            all.size());
}

TEST_F(TrialQueryTest, ATrialWithoutTheValueDoesNotMeetACondition) {
  // Nothing was trained.
  EXPECT_EQ(query({.where = "proxy_top1 > 0"}).size(), 0U);
  EXPECT_EQ(query({.where = "proxy_top1 <= 0"}).size(), 0U);
}

TEST_F(TrialQueryTest, SortsTheBestFirstAndLimits) {
  const std::vector<trial::Trial> by_u = query({.sort = "u", .limit = 3});
  ASSERT_EQ(by_u.size(), 3U);
  EXPECT_EQ(by_u.front().u, outcome.best->u);
  EXPECT_GE(by_u[0].u, by_u[1].u);
  const std::vector<trial::Trial> by_latency = query({.state = "scored", .sort = "latency_ms"});
  EXPECT_LE(by_latency.front().metrics.at("latency_ms").value, by_latency.back().metrics.at("latency_ms").value);
  const std::vector<trial::Trial> reversed = query({.state = "scored", .sort = "latency_ms", .reverse = true});
  EXPECT_EQ(reversed.front().metrics.at("latency_ms").value, by_latency.back().metrics.at("latency_ms").value);
  // Trials without the value come last, whichever way.
  EXPECT_TRUE(query({.state = "all", .sort = "u"}).front().u.has_value());
  EXPECT_TRUE(query({.state = "all", .sort = "u", .reverse = true}).front().u.has_value());
}

TEST_F(TrialQueryTest, WrongNamesAreErrorsWithTheNearest) {
  EXPECT_THAT([&] { query({.where = "latency < 3"}); },
              ThrowsMessage<Error>(AllOf(HasSubstr("--where"), HasSubstr("latency_ms"))));
  EXPECT_THAT([&] { query({.sort = "latncy_ms"}); },
              ThrowsMessage<Error>(AllOf(HasSubstr("--sort"), HasSubstr("latency_ms"))));
  EXPECT_THAT([&] { query({.where = "state"}); }, ThrowsMessage<Error>(HasSubstr("--where")));
}

}  // namespace
}  // namespace gensynth::analysis
