// Stores are used by several workers and a coordinator at once, each with a handle of its own.
#include <algorithm>
#include <atomic>
#include <latch>
#include <mutex>
#include <set>
#include <thread>

#include "tests/search/store/conformance.hpp"

namespace gensynth::store {
namespace {

using trial::Trial;
using trial::TrialState;

template <typename Kind>
class StoreConcurrencyTest : public StoreConformance<Kind> {};
TYPED_TEST_SUITE(StoreConcurrencyTest, Kinds, KindName);

/// Runs `body(handle, thread number)` in several threads at once, each with a handle of its own.
template <typename Kind, typename Body>
void in_threads(const Kind& run, int threads, Body body) {
  std::atomic<int> failures = 0;
  std::latch start(threads);
  std::vector<std::thread> running;
  for (int i = 0; i < threads; ++i) {
    running.emplace_back([&, i] {
      try {
        start.arrive_and_wait();
        const auto own = run.open();
        body(*own, i);
      } catch (const std::exception& error) {
        ADD_FAILURE() << error.what();
        ++failures;
      }
    });
  }
  for (std::thread& thread : running) thread.join();
  ASSERT_EQ(failures, 0);
}

TYPED_TEST(StoreConcurrencyTest, EachTrialIsClaimedOnce) {
  constexpr int kTrials = TypeParam::kManyTrials;
  this->add_queued(1, kTrials);
  std::mutex mutex;
  std::multiset<std::int64_t> claimed;
  in_threads(this->run, 4, [&](Store& own, int thread) {
    while (const std::optional<Trial> trial = own.claim("w" + std::to_string(thread), 60)) {
      const std::lock_guard lock(mutex);
      claimed.insert(trial->id);
    }
  });
  EXPECT_EQ(claimed.size(), static_cast<std::size_t>(kTrials));
  EXPECT_EQ(std::set<std::int64_t>(claimed.begin(), claimed.end()).size(), static_cast<std::size_t>(kTrials));
  for (const Trial& trial : this->store->list()) EXPECT_EQ(trial.attempt, 1);
}

TYPED_TEST(StoreConcurrencyTest, TheCoordinatorSeesEachTrialOnceWhileWorkersFinish) {
  constexpr int kTrials = TypeParam::kManyTrials;
  this->add_queued(1, kTrials);
  std::atomic<int> working = 3;
  std::vector<std::int64_t> seen;
  in_threads(this->run, 4, [&](Store& own, int thread) {
    if (thread == 0) {
      bool last = false;
      while (!last) {
        last = working == 0;  // one more look after the last worker has finished
        for (const Trial& trial : own.take_unseen()) seen.push_back(trial.id);
        std::this_thread::yield();
      }
      return;
    }
    while (std::optional<Trial> trial = own.claim("w" + std::to_string(thread), 60)) {
      trial->state = TrialState::scored;
      EXPECT_TRUE(own.finish(*trial));
    }
    --working;
  });
  std::sort(seen.begin(), seen.end());
  ASSERT_EQ(seen.size(), static_cast<std::size_t>(kTrials));
  for (int i = 0; i < kTrials; ++i) EXPECT_EQ(seen[static_cast<std::size_t>(i)], i + 1);
}

TYPED_TEST(StoreConcurrencyTest, OnlyOneOfFinishAndRequeueWins) {
  constexpr int kTrials = TypeParam::kManyTrials;
  this->add_queued(1, kTrials);
  std::vector<Trial> claimed;
  while (std::optional<Trial> trial = this->store->claim("w", 0)) claimed.push_back(*trial);
  std::atomic<int> finished = 0;
  std::atomic<int> requeued = 0;
  in_threads(this->run, 2, [&](Store& own, int thread) {
    if (thread == 0) {
      for (int i = 0; i < 10; ++i) requeued += own.requeue_expired();
      return;
    }
    for (Trial trial : claimed) {
      trial.state = TrialState::scored;
      finished += own.finish(trial) ? 1 : 0;
    }
  });
  EXPECT_EQ(finished + requeued, kTrials);
  EXPECT_EQ(static_cast<int>(this->store->list(trial::TrialState::scored).size()), finished);
  EXPECT_EQ(static_cast<int>(this->store->list(trial::TrialState::queued).size()), requeued);
  EXPECT_EQ(static_cast<int>(this->store->take_unseen().size()), finished);
}

}  // namespace
}  // namespace gensynth::store
