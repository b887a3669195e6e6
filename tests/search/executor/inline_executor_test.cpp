#include "search/executor/inline_executor.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "search/store/memory/memory_store.hpp"
#include "tests/search/store/store_fixture.hpp"

namespace gensynth::executor {
namespace {

TEST(InlineExecutor, ScoresAllThatIsQueuedByItsMetrics) {
  store::memory::MemoryStore store;
  assessment::UniversalPerformance performance;
  performance.beta = performance.delta = 0;
  trial::Trial trial = store::queued_trial(1);
  trial.metrics.set("top1", Quantity::exact(50, "%"));
  store.add({trial,
             [] {
               trial::Trial second = store::queued_trial(2);
               second.metrics.set("top1", Quantity::exact(100, "%"));
               return second;
             }()},
            {});
  InlineExecutor executor(store, performance);
  EXPECT_TRUE(executor.poll().empty());
  EXPECT_DOUBLE_EQ(store.get(1)->u.value(), 20 * std::log10(50.0 * 50.0));
  EXPECT_DOUBLE_EQ(store.get(2)->u.value(), 80);
  EXPECT_TRUE(store.get(2)->feasible);
  EXPECT_EQ(store.take_unseen().size(), 2u);
}

TEST(InlineExecutor, KnowsTheTrialsThatItLeftBehind) {
  store::memory::MemoryStore store;
  const assessment::UniversalPerformance performance;
  const InlineExecutor executor(store, performance);
  EXPECT_TRUE(executor.is_own_worker("coordinator"));
  EXPECT_FALSE(executor.is_own_worker("local-1-0"));
  EXPECT_EQ(executor.workers(), 0);
}

}  // namespace
}  // namespace gensynth::executor
