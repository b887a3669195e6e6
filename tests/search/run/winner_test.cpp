#include "search/run/winner.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "generator/make_space.hpp"
#include "search/store/memory/memory_store.hpp"
#include "tests/search/scratch.hpp"

namespace gensynth::run {
namespace {

using ::testing::HasSubstr;

class RunWinnerTest : public ::testing::Test {
 protected:
  RunWinnerTest() {
    nlohmann::json text = testing::untrained_job();
    text["space"] = {{"kind", "nasbench201"}};
    text["constraints"] = nlohmann::json::array();
    text["objective"] = {{"accuracy", "proxy_top1"}, {"beta", 0}, {"delta", 0}};
    text["proxy"] = {{"images", 100}};
    job = job::job_from_json(text, "job");
  }
  /// A scored trial; its accuracy grows with its answers.
  trial::Trial scored(std::int64_t id, const space::Genotype& genotype, double noise = 0) const {
    trial::Trial trial;
    trial.id = trial.ordinal = id;
    trial.genotype = genotype;
    trial.state = trial::TrialState::scored;
    trial.feasible = true;
    double accuracy = 40 + noise;
    for (const int answer : genotype) accuracy += 1.25 * answer;
    trial.metrics.set("proxy_top1", Quantity::measured(accuracy, "%", "test"));
    trial.u = 40 * std::log10(accuracy);
    return trial;
  }
  void add(int count) {
    Rng rng(5);
    std::vector<trial::Trial> trials;
    for (int i = 1; i <= count; ++i) trials.push_back(scored(i, space->sample(rng)));
    trials.push_back(scored(count + 1, {1, 1, 2, 1, 2, 1}, 18));  // a lucky training
    store->add(trials, {});
  }

  job::Job job;
  std::unique_ptr<space::SearchSpace> space = generator::make_space({{"kind", "nasbench201"}}, "test", "");
  std::unique_ptr<store::Store> store = std::make_unique<store::memory::MemoryStore>();
};

TEST_F(RunWinnerTest, IsNothingInAnEmptyRun) { EXPECT_FALSE(select_winner(job, *store)); }

TEST_F(RunWinnerTest, SaysWhenAnotherTrialMeasuredMore) {
  add(80);
  const std::optional<RunWinner> winner = select_winner(job, *store);
  ASSERT_TRUE(winner);
  EXPECT_EQ(winner->best_measured.id, 81);
  EXPECT_NE(winner->trial.id, 81);
  EXPECT_THAT(winner_remark(*winner), HasSubstr("trial " + std::to_string(winner->trial.id)));
  EXPECT_THAT(winner_remark(*winner), HasSubstr("trial 81 measured higher"));
}

TEST_F(RunWinnerTest, IsTheBestMeasuredOfAFewTrials) {
  add(3);
  const std::optional<RunWinner> winner = select_winner(job, *store);
  ASSERT_TRUE(winner);
  EXPECT_EQ(winner->trial.id, 4);
  EXPECT_EQ(winner_remark(*winner), "");
}

}  // namespace
}  // namespace gensynth::run
