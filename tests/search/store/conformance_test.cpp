// The contract of every store (search/store/*.hpp). A new store adds its kind to `Kinds` and passes all of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <mutex>
#include <set>
#include <thread>

#include "architecture/base/clock.hpp"
#include "architecture/base/error.hpp"
#include "architecture/base/temporary_folder.hpp"
#include "search/store/memory/memory_store.hpp"
#include "search/store/store.hpp"
#include "tests/search/store/store_fixture.hpp"

namespace gensynth::store {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using trial::Trial;
using trial::TrialState;

/// One run of a kind of store, and as many handles on it as a test wants.
class SqliteRun {
 public:
  SqliteRun() { (void)Store::create(path_); }
  std::unique_ptr<Store> open(bool read_only = false) const { return Store::open(path_, read_only); }

 private:
  TemporaryFolder folder_{"store"};
  std::string path_ = folder_.file("run.db");
};

class MemoryRun {
 public:
  std::unique_ptr<Store> open(bool read_only = false) const { return store_.open(read_only); }

 private:
  memory::MemoryStore store_;
};

template <typename Kind>
class StoreConformance : public ::testing::Test {
 protected:
  std::vector<std::int64_t> ids(const std::vector<Trial>& trials) const {
    std::vector<std::int64_t> result;
    for (const Trial& trial : trials) result.push_back(trial.id);
    return result;
  }
  std::vector<std::string> event_names(std::int64_t trial) const {
    std::vector<std::string> result;
    for (const trial::Event& event : store->events(trial)) result.push_back(event.event);
    return result;
  }
  std::vector<std::int64_t> evaluated() const {
    std::vector<std::int64_t> result;
    store->each_evaluated([&](Trial&& trial) { result.push_back(trial.id); });
    return result;
  }
  std::vector<std::int64_t> observed() const {
    std::vector<std::int64_t> result;
    store->each_observed([&](Trial&& trial) { result.push_back(trial.id); });
    return result;
  }
  void add_queued(std::int64_t first, std::int64_t last) {
    std::vector<Trial> trials;
    for (std::int64_t id = first; id <= last; ++id) trials.push_back(queued_trial(id));
    store->add(trials, {});
  }
  /// Claims and ends one trial.
  void score(double u) {
    Trial trial = *store->claim("w", 30);
    trial.state = TrialState::scored;
    trial.u = u;
    ASSERT_TRUE(store->finish(trial));
  }

  Kind run;
  std::unique_ptr<Store> store = run.open();
};

using Kinds = ::testing::Types<SqliteRun, MemoryRun>;
class KindName {
 public:
  template <typename Kind>
  static std::string GetName(int) {
    return std::is_same_v<Kind, SqliteRun> ? "Sqlite" : "Memory";
  }
};
TYPED_TEST_SUITE(StoreConformance, Kinds, KindName);

// --- Coordinator: add

TYPED_TEST(StoreConformance, BeginsEmpty) {
  EXPECT_EQ(this->store->last_trial(), 0);
  EXPECT_THAT(this->store->list(), IsEmpty());
  EXPECT_THAT(this->store->counts(), IsEmpty());
  EXPECT_THAT(this->store->rejects(), IsEmpty());
  EXPECT_THAT(this->store->events(), IsEmpty());
  EXPECT_THAT(this->store->take_unseen(), IsEmpty());
  EXPECT_EQ(this->store->get(1), std::nullopt);
  EXPECT_EQ(this->store->value("proposer"), std::nullopt);
  EXPECT_EQ(this->store->claim("w", 30), std::nullopt);
  EXPECT_EQ(this->store->requeue_expired(), 0);
  EXPECT_EQ(this->store->requeue_orphans("w"), 0);
}

TYPED_TEST(StoreConformance, AddsTrialsValuesAndEvents) {
  Trial duplicate = queued_trial(3);
  duplicate.ordinal = 0;
  duplicate.state = TrialState::duplicate;
  duplicate.hash = "h1";
  duplicate.duplicate_of = 1;
  this->store->add({queued_trial(1), rejected_trial(2, 1), duplicate}, {{"proposer", "state"}});
  EXPECT_EQ(this->store->value("proposer"), "state");
  EXPECT_EQ(this->store->last_trial(), 3);
  EXPECT_THAT(this->ids(this->store->list()), ElementsAre(1, 2, 3));
  EXPECT_THAT(this->ids(this->store->list("rejected")), ElementsAre(2));
  EXPECT_THROW((void)this->store->list("happy"), Error);
  EXPECT_EQ(this->store->counts(),
            (std::map<std::string, std::int64_t>{{"duplicate", 1}, {"queued", 1}, {"rejected", 1}}));
  EXPECT_EQ(this->store->get(3)->duplicate_of, 1);
  EXPECT_THAT(this->store->find_by_hash("h1"), ElementsAre(1)) << "duplicates do not count";
  EXPECT_THAT(this->store->find_by_hash("none"), IsEmpty());
  EXPECT_THAT(this->event_names(2), ElementsAre("proposed"));
  EXPECT_EQ(this->store->events(2)[0].to, "rejected");
  EXPECT_EQ(this->store->events().size(), 3u);
}

TYPED_TEST(StoreConformance, AddIsAllOrNothing) {
  this->add_queued(1, 1);
  EXPECT_THROW(this->store->add({queued_trial(2), queued_trial(1)}, {{"a", "b"}}), Error);
  EXPECT_THROW(this->store->add({queued_trial(2)}, {{"a", "b"}}, {7}), Error);
  EXPECT_EQ(this->store->last_trial(), 1);
  EXPECT_EQ(this->store->value("a"), std::nullopt);
  EXPECT_EQ(this->store->events().size(), 1u);
  this->store->add({}, {}, {1});
  EXPECT_THROW(this->store->add({}, {}, {1}), Error) << "a strategy observes each trial once";
}

TYPED_TEST(StoreConformance, KeepsTheOrderInWhichTrialsWereObserved) {
  this->add_queued(1, 3);
  EXPECT_THAT(this->observed(), IsEmpty());
  this->store->add({queued_trial(4)}, {}, {3, 1});
  this->store->add({}, {}, {4});
  this->store = this->run.open();
  this->store->add({}, {}, {2});
  EXPECT_THAT(this->observed(), ElementsAre(3, 1, 4, 2));
}

TYPED_TEST(StoreConformance, ReplacesValuesAndKeepsOthers) {
  this->store->set_values({{"a", "1"}, {"b", "2"}});
  this->store->set_values({{"a", "3"}});
  this->store->add({}, {{"c", "4"}, {"b", ""}});
  EXPECT_EQ(this->store->value("a"), "3");
  EXPECT_EQ(this->store->value("b"), "");
  EXPECT_EQ(this->store->value("c"), "4");
}

// --- Queue

TYPED_TEST(StoreConformance, ClaimsTheLowestIdUnderALease) {
  this->add_queued(1, 2);
  const double before = now_seconds();
  const Trial trial = *this->store->claim("w", 30);
  EXPECT_EQ(trial.id, 1);
  EXPECT_EQ(trial.attempt, 1);
  EXPECT_EQ(trial.worker, "w");
  EXPECT_EQ(trial.state, TrialState::running);
  EXPECT_EQ(trial.genotype, queued_trial(1).genotype);
  EXPECT_GE(trial.lease_until, before + 30);
  EXPECT_LE(trial.lease_until, now_seconds() + 30);
  EXPECT_EQ(this->store->get(1)->lease_until, trial.lease_until);
  EXPECT_EQ(this->store->claim("w", 30)->id, 2);
  EXPECT_EQ(this->store->claim("w", 30), std::nullopt);
}

TYPED_TEST(StoreConformance, StoresWhatAnEvaluationFound) {
  this->add_queued(1, 1);
  Trial trial = *this->store->claim("w", 30);
  trial.rungs = {{10, std::numeric_limits<double>::quiet_NaN(), 2, 50, 90}};
  EXPECT_TRUE(this->store->report_rung(trial, trial.rungs.back()));
  EXPECT_EQ(this->store->get(1)->rungs.size(), 1u);
  EXPECT_EQ(this->store->get(1)->state, TrialState::running);
  EXPECT_THROW((void)this->store->finish(trial), Error) << "running is no end";
  trial.rungs.push_back({20, 1, 2, 60, 91});
  trial.state = TrialState::scored;
  trial.stage = "proxy";
  trial.reason = "trained";
  trial.metrics.set("params", Quantity::exact(1e6, ""));
  trial.u = 1.0 / 3;
  trial.feasible = true;
  trial.core_seconds = 1.5;
  EXPECT_TRUE(this->store->finish(trial));
  EXPECT_FALSE(this->store->finish(trial)) << "a trial ends once";
  const Trial read = *this->store->get(1);
  EXPECT_EQ(read.state, TrialState::scored);
  EXPECT_EQ(read.stage, "proxy");
  EXPECT_EQ(read.reason, "trained");
  EXPECT_EQ(read.u, trial.u);
  EXPECT_TRUE(read.feasible);
  EXPECT_EQ(read.core_seconds, 1.5);
  EXPECT_EQ(read.metrics.value("params"), 1e6);
  EXPECT_EQ(read.genotype, trial.genotype);
  EXPECT_EQ(read.hash, trial.hash);
  EXPECT_EQ(read.ordinal, 1);
  ASSERT_EQ(read.rungs.size(), 2u);
  EXPECT_TRUE(std::isnan(read.rungs[0].train_loss));
  EXPECT_EQ(read.rungs[1].top1, 60);
  EXPECT_EQ(this->store->counts(), (std::map<std::string, std::int64_t>{{"scored", 1}}));
  EXPECT_THAT(this->event_names(1), ElementsAre("proposed", "claimed", "rung", "finished"));
  EXPECT_EQ(this->store->events(1).back().to, "scored");
}

TYPED_TEST(StoreConformance, CountsTheComputeOfAllAttempts) {
  this->add_queued(1, 1);
  Trial trial = *this->store->claim("w", 30);
  EXPECT_TRUE(this->store->release(trial, "stop"));
  trial = *this->store->claim("w", 30);
  trial.core_seconds = 2;
  trial.rule = "top1";
  trial.state = TrialState::rejected;
  EXPECT_TRUE(this->store->finish(trial));
  EXPECT_EQ(this->store->get(1)->core_seconds, 2);
  EXPECT_EQ(this->store->get(1)->rule, "top1");
}

TYPED_TEST(StoreConformance, AHeartbeatExtendsTheLease) {
  this->add_queued(1, 1);
  const Trial trial = *this->store->claim("w", 0);
  EXPECT_TRUE(this->store->heartbeat(trial, 60));
  EXPECT_EQ(this->store->requeue_expired(), 0);
  EXPECT_TRUE(this->store->heartbeat(trial, 0));
  EXPECT_EQ(this->store->requeue_expired(), 1);
  EXPECT_FALSE(this->store->heartbeat(trial, 60));
}

TYPED_TEST(StoreConformance, AnExpiredLeasePutsTheTrialBack) {
  this->add_queued(1, 2);
  (void)this->store->claim("a", 0);
  (void)this->store->claim("b", 60);
  EXPECT_EQ(this->store->requeue_expired(), 1);
  EXPECT_EQ(this->store->requeue_expired(), 0);
  EXPECT_EQ(this->store->get(1)->state, TrialState::queued);
  EXPECT_EQ(this->store->get(2)->state, TrialState::running);
  EXPECT_THAT(this->event_names(1), ElementsAre("proposed", "claimed", "lost", "requeued"));
  EXPECT_EQ(this->store->claim("c", 60)->attempt, 2);
}

TYPED_TEST(StoreConformance, OrphansAreRequeuedWhateverTheirLease) {
  this->add_queued(1, 3);
  (void)this->store->claim("a", 60);
  (void)this->store->claim("b", 60);
  (void)this->store->claim("a", 60);
  EXPECT_EQ(this->store->requeue_orphans("a"), 2);
  EXPECT_THAT(this->ids(this->store->list("queued")), ElementsAre(1, 3));
  EXPECT_THAT(this->ids(this->store->list("running")), ElementsAre(2));
}

TYPED_TEST(StoreConformance, ALateWriterChangesNothingAndIsTold) {
  this->add_queued(1, 1);
  Trial late = *this->store->claim("a", 0);
  EXPECT_EQ(this->store->requeue_expired(), 1);
  late.state = TrialState::scored;
  late.reason = "late";
  const auto expect_refused = [&] {
    const std::size_t events = this->store->events().size();
    EXPECT_FALSE(this->store->heartbeat(late, 30));
    EXPECT_FALSE(this->store->report_rung(late, {}));
    EXPECT_FALSE(this->store->finish(late));
    EXPECT_FALSE(this->store->release(late, "late"));
    EXPECT_EQ(this->store->events().size(), events);
    EXPECT_EQ(this->store->get(1)->reason, "");
  };
  expect_refused();
  EXPECT_EQ(this->store->get(1)->state, TrialState::queued);
  const Trial second = *this->store->claim("a", 30);  // the same name: only the attempt differs
  EXPECT_EQ(second.attempt, 2);
  expect_refused();
  EXPECT_EQ(this->store->get(1)->state, TrialState::running);
  Trial stranger = second;
  stranger.worker = "b";
  EXPECT_FALSE(this->store->heartbeat(stranger, 30));
  Trial unknown = second;
  unknown.id = 9;
  EXPECT_FALSE(this->store->heartbeat(unknown, 30));
  EXPECT_THAT(this->store->take_unseen(), IsEmpty());
}

TYPED_TEST(StoreConformance, TheThirdLossIsAFailureAndAReleaseIsNone) {
  this->add_queued(1, 1);
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(this->store->release(*this->store->claim("w", 30), "stop"));
  EXPECT_THAT(this->event_names(1), ::testing::Contains("preempted").Times(5));
  for (int i = 0; i < kLossesThatFail; ++i) {
    EXPECT_THAT(this->store->take_unseen(), IsEmpty());
    ASSERT_TRUE(this->store->claim("w", i == 0 ? 0 : 30)) << i;
    EXPECT_EQ(this->store->requeue_orphans("other"), 0);
    EXPECT_EQ(i == 0 ? this->store->requeue_expired() : this->store->requeue_orphans("w"), 1);
  }
  EXPECT_EQ(this->store->claim("w", 30), std::nullopt);
  const Trial failed = *this->store->get(1);
  EXPECT_EQ(failed.state, TrialState::failed);
  EXPECT_EQ(failed.attempt, 8);
  EXPECT_EQ(failed.genotype, queued_trial(1).genotype);
  EXPECT_THAT(failed.reason, HasSubstr("lost 3 times"));
  EXPECT_THAT(this->ids(this->store->take_unseen()), ElementsAre(1));
  EXPECT_EQ(this->event_names(1).back(), "finished");
}

// --- Coordinator: what it has not seen

TYPED_TEST(StoreConformance, ReturnsEachEndedTrialOnce) {
  this->store->add({queued_trial(1), rejected_trial(2, 1), queued_trial(3), queued_trial(4)}, {});
  EXPECT_THAT(this->store->take_unseen(), IsEmpty()) << "a candidate that was rejected when proposed is no news";
  Trial first = *this->store->claim("a", 30);
  Trial second = *this->store->claim("b", 30);
  second.state = TrialState::failed;
  EXPECT_TRUE(this->store->finish(second));
  EXPECT_THAT(this->ids(this->store->take_unseen()), ElementsAre(3));
  EXPECT_THAT(this->store->take_unseen(), IsEmpty());
  first.state = TrialState::scored;  // the lower id ends later
  EXPECT_TRUE(this->store->finish(first));
  const std::vector<Trial> news = this->store->take_unseen();
  ASSERT_THAT(this->ids(news), ElementsAre(1));
  EXPECT_EQ(news[0].state, TrialState::scored);
}

TYPED_TEST(StoreConformance, ReturnsUnseenTrialsByOrdinalAfterReopening) {
  this->add_queued(1, 3);
  std::vector<Trial> claimed;
  for (int i = 0; i < 3; ++i) claimed.push_back(*this->store->claim("w", 30));
  std::reverse(claimed.begin(), claimed.end());
  for (Trial& trial : claimed) {
    trial.state = TrialState::scored;
    EXPECT_TRUE(this->store->finish(trial));
  }
  this->store = this->run.open();
  EXPECT_THAT(this->ids(this->store->take_unseen()), ElementsAre(1, 2, 3));
  EXPECT_THAT(this->evaluated(), ElementsAre(1, 2, 3)) << "seen ones are read as before";
}

// --- Reading

TYPED_TEST(StoreConformance, VisitsEvaluatedTrialsOnly) {
  this->store->add({rejected_trial(1, 1), queued_trial(2), queued_trial(3), queued_trial(4)}, {});
  this->score(1);
  (void)this->store->claim("w", 30);
  EXPECT_THAT(this->evaluated(), ElementsAre(2));
}

TYPED_TEST(StoreConformance, SumsRejectsByConstraint) {
  this->store->add({rejected_trial(1, 4), rejected_trial(2, 1), queued_trial(3)}, {});
  Trial trial = *this->store->claim("w", 30);
  trial.state = TrialState::rejected;
  trial.rule = "top1";
  trial.stage = "proxy";
  trial.core_seconds = 3;
  EXPECT_TRUE(this->store->finish(trial));
  const auto rejects = this->store->rejects();
  ASSERT_EQ(rejects.size(), 2u);
  EXPECT_EQ(rejects.at("small").count, 2);
  EXPECT_DOUBLE_EQ(rejects.at("small").closest, 0.5);
  EXPECT_EQ(rejects.at("small").stage, "graph");
  EXPECT_EQ(rejects.at("small").core_seconds, 0);
  EXPECT_EQ(rejects.at("top1").core_seconds, 3);
}

TYPED_TEST(StoreConformance, NumbersEvents) {
  this->add_queued(1, 2);
  this->score(1);
  std::set<std::int64_t> numbers;
  std::int64_t last = 0;
  for (const trial::Event& event : this->store->events()) {
    EXPECT_GT(event.seq, last);
    last = event.seq;
    EXPECT_NEAR(event.time, now_seconds(), 60);
  }
  EXPECT_EQ(this->store->events().size(), 4u);
  EXPECT_EQ(this->store->events(1).size(), 3u);
}

TYPED_TEST(StoreConformance, AReaderSeesWritesAndWritesNothing) {
  const auto reader = this->run.open(true);
  this->add_queued(1, 1);
  this->store->set_values({{"a", "b"}});
  EXPECT_EQ(reader->last_trial(), 1);
  EXPECT_EQ(reader->value("a"), "b");
  EXPECT_THROW(reader->add({queued_trial(2)}, {}), Error);
  EXPECT_THROW((void)reader->claim("w", 30), Error);
  EXPECT_THROW(reader->set_values({{"a", "c"}}), Error);
  EXPECT_EQ(this->store->last_trial(), 1);
  EXPECT_EQ(this->store->value("a"), "b");
}

TYPED_TEST(StoreConformance, KeepsEverythingWhenItIsReopened) {
  this->store->add({queued_trial(1), rejected_trial(2, 1), queued_trial(3)}, {{"proposer", "state"}});
  this->score(12.5);
  const Trial running = *this->store->claim("w", 60);
  this->store.reset();
  this->store = this->run.open();
  EXPECT_EQ(this->store->get(1)->u, 12.5);
  EXPECT_EQ(this->store->get(2)->rule, "small");
  EXPECT_EQ(this->store->value("proposer"), "state");
  EXPECT_EQ(this->store->events().size(), 6u);
  EXPECT_TRUE(this->store->heartbeat(running, 60)) << "a lease outlives the handle that took it";
}

// --- Concurrency

/// Runs `body(handle, thread number)` in several threads at once, each with a handle of its own.
template <typename Kind, typename Body>
void in_threads(const Kind& run, int threads, Body body) {
  std::atomic<int> failures = 0;
  std::vector<std::thread> running;
  for (int i = 0; i < threads; ++i) {
    running.emplace_back([&, i] {
      try {
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

TYPED_TEST(StoreConformance, EachTrialIsClaimedOnce) {
  constexpr int kTrials = 120;
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

TYPED_TEST(StoreConformance, TheCoordinatorSeesEachTrialOnceWhileWorkersFinish) {
  constexpr int kTrials = 90;
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

TYPED_TEST(StoreConformance, OnlyOneOfFinishAndRequeueWins) {
  constexpr int kTrials = 60;
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
  EXPECT_EQ(static_cast<int>(this->store->list("scored").size()), finished);
  EXPECT_EQ(static_cast<int>(this->store->list("queued").size()), requeued);
  EXPECT_EQ(static_cast<int>(this->store->take_unseen().size()), finished);
}

}  // namespace
}  // namespace gensynth::store
