#include "search/run/winner.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>

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
  /// A store in which random cells were trained three times each, with a deviation of 4 %.
  static constexpr int kTrainings = 3;
  std::unique_ptr<store::Store> store_of(int cells, std::uint64_t seed) const {
    Rng rng(seed);
    std::normal_distribution<double> noise(0, 4);
    std::vector<trial::Trial> trials;
    for (int i = 0; i < cells; ++i) {
      const space::Genotype cell = space->sample(rng);
      for (int j = 1; j <= kTrainings; ++j) trials.push_back(scored(kTrainings * i + j, cell, noise(rng)));
    }
    auto store = std::make_unique<store::memory::MemoryStore>();
    store->add(trials, {});
    return store;
  }

  job::Job job;
  std::unique_ptr<space::SearchSpace> space = generator::make_space({{"kind", "nasbench201"}}, "test", "");
};

TEST_F(RunWinnerTest, IsNothingInAnEmptyRun) { EXPECT_FALSE(select_winner(job, *store_of(0, 1))); }

TEST_F(RunWinnerTest, SaysWhenAnotherTrialMeasuredMore) {
  std::optional<RunWinner> winner;
  for (std::uint64_t seed = 1; seed <= 16; ++seed) {
    winner = select_winner(job, *store_of(30, seed));
    ASSERT_TRUE(winner);
    if (winner->trial.id != winner->best_measured.id) break;
    EXPECT_EQ(winner_remark(*winner), "");
  }
  ASSERT_NE(winner->trial.id, winner->best_measured.id) << "the model never took a training for a lucky one";
  EXPECT_LT(*winner->trial.u, *winner->best_measured.u);
  EXPECT_THAT(winner_remark(*winner), HasSubstr("trial " + std::to_string(winner->trial.id)));
  EXPECT_THAT(winner_remark(*winner),
              HasSubstr("trial " + std::to_string(winner->best_measured.id) + " measured higher"));
}

TEST_F(RunWinnerTest, IsTheBestMeasuredOfAFewTrials) {
  const std::unique_ptr<store::Store> store = store_of(1, 1);
  const std::optional<RunWinner> winner = select_winner(job, *store);
  ASSERT_TRUE(winner);
  for (const trial::Trial& trial : store->list()) EXPECT_LE(*trial.u, *winner->trial.u);
  EXPECT_EQ(winner_remark(*winner), "");
}

}  // namespace
}  // namespace gensynth::run
