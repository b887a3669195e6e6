#include "search/loop/search_loop.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "architecture/base/error.hpp"
#include "search/executor/inline_executor.hpp"
#include "search/store/memory/memory_store.hpp"
#include "tests/fakes/fake_executor.hpp"
#include "tests/fakes/scripted_strategy.hpp"
#include "tests/search/scratch.hpp"

namespace gensynth::loop {
namespace {

using ::testing::ElementsAre;
using testing::FakeExecutor;
using ::testing::IsEmpty;
using testing::score_one;
using testing::ScriptedStrategy;
using testing::StrategyLog;

/// Genotypes of NAS-Bench-201 whose networks all differ: one operation changed at a time.
std::vector<space::Genotype> cells(int count) {
  std::vector<space::Genotype> result;
  for (int i = 0; i < count; ++i) result.push_back({3, 2 + i % 3, 2 + i / 3 % 3, 2 + i / 9 % 3, 2, 3});
  return result;
}

class SearchLoopTest : public ::testing::Test {
 protected:
  static job::Job make_job(int trials) {
    nlohmann::json text = testing::untrained_job();
    text["space"] = {{"kind", "nasbench201"}};
    text["constraints"] = nlohmann::json::array();
    text["budget"] = {{"trials", trials}, {"proposals", 100}};
    text["batch"] = 2;
    return job::job_from_json(text, "job");
  }

  void use(int trials) {
    job_ = make_job(trials);
    context_ = std::make_unique<run::SearchContext>(job_);
  }

  /// A loop over the store as it is, with a new proposer, as after a restart.
  SearchOutcome run(
      executor::Executor& executor, bool deterministic = false,
      std::function<bool()> should_stop = [] { return false; }) {
    Proposer proposer(job_, *context_, store_, std::make_unique<ScriptedStrategy>(script_, log_));
    LoopParts parts{job_,
                    store_,
                    executor,
                    proposer,
                    [this](std::int64_t trial) { removed_.push_back(trial); },
                    std::move(should_stop),
                    {},
                    deterministic,
                    std::chrono::milliseconds(0)};
    return SearchLoop(std::move(parts)).run();
  }

  job::Job job_;
  std::unique_ptr<run::SearchContext> context_;
  store::memory::MemoryStore store_;
  std::vector<space::Genotype> script_ = cells(27);
  StrategyLog log_;
  std::vector<std::int64_t> removed_;
};

TEST_F(SearchLoopTest, ScoresInlineShowingEachTrialBeforeTheNextProposal) {
  use(4);
  executor::InlineExecutor executor(store_, context_->performance);
  const SearchOutcome outcome = run(executor);
  EXPECT_EQ(outcome.end, SearchEnd::finished);
  EXPECT_EQ(outcome.counts.at(trial::TrialState::scored), 4);
  EXPECT_THAT(log_.seen_when, ElementsAre(IsEmpty(), ElementsAre(1), ElementsAre(1, 2), ElementsAre(1, 2, 3)));
}

TEST_F(SearchLoopTest, DeterministicProposalsSeeExactlyTheTrialsOneBatchBehind) {
  use(5);
  // The newest trial always ends first: the order of results is the reverse of the order of proposals.
  std::vector<trial::Trial> held;
  FakeExecutor executor(4, [&]() -> std::vector<std::string> {
    while (std::optional<trial::Trial> trial = store_.claim("fake-1", 60)) held.push_back(*trial);
    if (!held.empty()) {
      held.back().state = trial::TrialState::scored;
      held.back().feasible = true;
      held.back().u = static_cast<double>(held.back().id);
      EXPECT_TRUE(store_.finish(held.back()));
      held.pop_back();
    }
    return {};
  });
  EXPECT_EQ(run(executor, true).end, SearchEnd::finished);
  // With batch 2, proposal n sees the trials up to n - 2.
  EXPECT_THAT(log_.seen_when,
              ElementsAre(IsEmpty(), IsEmpty(), ElementsAre(1), ElementsAre(1, 2), ElementsAre(1, 2, 3)));
}

TEST_F(SearchLoopTest, KeepsAtMostABatchOfTrialsInFlight) {
  use(6);
  std::int64_t most = 0;
  FakeExecutor executor(1, [&]() -> std::vector<std::string> {
    const auto counts = store_.counts();
    const auto queued = counts.find(trial::TrialState::queued);
    most = std::max(most, queued == counts.end() ? std::int64_t{0} : queued->second);
    (void)score_one(store_, "fake-1", 1);
    return {};
  });
  EXPECT_EQ(run(executor).end, SearchEnd::finished);
  EXPECT_EQ(most, 2);
  EXPECT_EQ(executor.starts, 1);
  EXPECT_GE(executor.stops, 1);
}

TEST_F(SearchLoopTest, AnExhaustedSpaceEndsTheSearch) {
  const testing::Scratch scratch;
  std::ofstream(scratch / "space.json") << R"({"format": "gensynth.space", "version": 1, "name": "two",
      "input": [1, 3, 32, 32], "output": "classes", "vertices": [
      {"id": "stem", "op": "convolution", "inputs": ["input"], "out": {"choose": [8, 16]}, "kernel": 3, "stride": 1,
       "padding": 1},
      {"id": "pool", "op": "global_pool", "inputs": ["stem"]},
      {"id": "classes", "op": "linear", "inputs": ["pool"], "out": 10}]})";
  nlohmann::json text = testing::untrained_job();
  text["space"] = {{"kind", "file"}, {"path", scratch / "space.json"}};
  text["constraints"] = nlohmann::json::array();
  const SearchOutcome outcome = testing::search(scratch / "run", text);
  EXPECT_EQ(outcome.end, SearchEnd::space_exhausted);
  EXPECT_EQ(outcome.counts.at(trial::TrialState::scored), 2);
  EXPECT_TRUE(outcome.best);
}

TEST_F(SearchLoopTest, AWorkerWhoseLeaseRanOutIsReplaced) {
  use(1);
  bool stuck = false;
  FakeExecutor executor(1, [&]() -> std::vector<std::string> {
    if (!std::exchange(stuck, true)) {
      (void)store_.claim("fake-1", 0);  // and nothing more is heard of it
    } else {
      (void)score_one(store_, "fake-2", 1);
    }
    return {};
  });
  EXPECT_EQ(run(executor).end, SearchEnd::finished);
  EXPECT_THAT(executor.replaced, ElementsAre("fake-1"));
  EXPECT_EQ(store_.get(1)->attempt, 2);
}

TEST_F(SearchLoopTest, TrialsOfADeadWorkerAreEvaluatedAgain) {
  use(2);
  bool died = false;
  FakeExecutor executor(1, [&]() -> std::vector<std::string> {
    if (!died) {
      died = true;
      EXPECT_TRUE(store_.claim("fake-1", 3600));
      return {"fake-1"};
    }
    (void)score_one(store_, "fake-2", 1);
    return {};
  });
  const SearchOutcome outcome = run(executor);
  EXPECT_EQ(outcome.end, SearchEnd::finished);
  EXPECT_EQ(outcome.counts.at(trial::TrialState::scored), 2);
  EXPECT_EQ(store_.get(1)->attempt, 2);
}

TEST_F(SearchLoopTest, TrialsThatAKilledCoordinatorLeftRunningAreNoLosses) {
  use(1);
  store_.add({[&] {
               trial::Trial trial;
               trial.id = trial.ordinal = 1;
               trial.state = trial::TrialState::queued;
               trial.genotype = script_[0];
               return trial;
             }()},
             {});
  for (int kills = 0; kills < 5; ++kills) {  // three losses would fail it
    ASSERT_TRUE(store_.claim("fake-1", 3600));
    FakeExecutor stopped(1, []() -> std::vector<std::string> { return {}; });
    EXPECT_EQ(run(stopped, false, [] { return true; }).end, SearchEnd::stopped);
  }
  EXPECT_EQ(store_.get(1)->state, trial::TrialState::queued);
}

TEST_F(SearchLoopTest, AnotherCoordinatorContinuesAStoppedRun) {
  use(6);
  int polls = 0;
  const auto evaluate = [&]() -> std::vector<std::string> {
    ++polls;
    (void)score_one(store_, "fake-1", polls);
    return {};
  };
  FakeExecutor first(1, evaluate);
  EXPECT_EQ(run(first, true, [&] { return polls >= 3; }).end, SearchEnd::stopped);
  const int proposals = log_.proposals;
  log_.observed.clear();
  FakeExecutor second(1, evaluate);
  const SearchOutcome outcome = run(second, true);
  EXPECT_EQ(outcome.end, SearchEnd::finished);
  EXPECT_EQ(outcome.counts.at(trial::TrialState::scored), 6);
  EXPECT_EQ(log_.proposals, 6);
  EXPECT_LT(proposals, 6);
  EXPECT_EQ(outcome.best->u, polls);
}

TEST_F(SearchLoopTest, EndsWhenProposalsRunOutAndNothingIsInFlight) {
  use(20);
  script_ = cells(3);  // after that the same network again and again
  FakeExecutor executor(1, [&]() -> std::vector<std::string> {
    (void)score_one(store_, "fake-1", 1);
    return {};
  });
  const SearchOutcome outcome = run(executor);
  EXPECT_EQ(outcome.end, SearchEnd::out_of_proposals);
  EXPECT_EQ(outcome.counts.at(trial::TrialState::scored), 3);
  EXPECT_EQ(outcome.counts.at(trial::TrialState::duplicate), 97);
}

TEST_F(SearchLoopTest, EndsWhenNoTrialImprovesForLong) {
  use(20);
  job_.budget.patience = 4;
  std::int64_t ended = 0;
  FakeExecutor executor(1, [&]() -> std::vector<std::string> {
    (void)score_one(store_, "fake-1", ++ended <= 3 ? static_cast<double>(ended) : 1.0);
    return {};
  });
  const SearchOutcome outcome = run(executor, true);
  EXPECT_EQ(outcome.end, SearchEnd::out_of_patience);
  EXPECT_EQ(outcome.best->id, 3);
  // Four more without a new best are observed; with batch 2, one more was under way by then.
  EXPECT_EQ(outcome.evaluated, 8);
  EXPECT_EQ(outcome.since_best, 5);
  const SearchOutcome again = run(executor, true);
  EXPECT_EQ(again.end, SearchEnd::out_of_patience) << "a search that goes on remembers it";
  EXPECT_EQ(again.evaluated, 8);
}

TEST_F(SearchLoopTest, CountsTrialsSinceTheBestWithoutPatienceToo) {
  use(6);
  std::int64_t ended = 0;
  FakeExecutor executor(1, [&]() -> std::vector<std::string> {
    (void)score_one(store_, "fake-1", ++ended == 2 ? 9.0 : 1.0);
    return {};
  });
  const SearchOutcome outcome = run(executor);
  EXPECT_EQ(outcome.end, SearchEnd::finished);
  EXPECT_EQ(outcome.evaluated, 6);
  EXPECT_EQ(outcome.since_best, 4);
}

TEST_F(SearchLoopTest, KeepsTheWeightsOfTheBestOnly) {
  use(5);
  job_.budget.keep = 2;
  double u = 0;
  FakeExecutor executor(1, [&]() -> std::vector<std::string> {
    (void)score_one(store_, "fake-1", u += 1);  // each is better than the one before
    return {};
  });
  (void)run(executor);
  EXPECT_THAT(removed_, ElementsAre(1, 2, 3));
}

TEST_F(SearchLoopTest, AnExecutorThatFailsEndsTheSearchWithItsError) {
  use(2);
  FakeExecutor executor(1, []() -> std::vector<std::string> { throw Error("no worker can be started"); });
  EXPECT_THROW((void)run(executor), Error);
}

}  // namespace
}  // namespace gensynth::loop
