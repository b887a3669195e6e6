// Tests of the contract of search/store/trial_queue.hpp, and of trials that workers lose.
#include <cmath>
#include <limits>

#include "architecture/base/clock.hpp"
#include "architecture/base/error.hpp"
#include "tests/search/store/conformance.hpp"

namespace gensynth::store {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using trial::Trial;
using trial::TrialState;

template <typename Kind>
class TrialQueueTest : public StoreConformance<Kind> {};
TYPED_TEST_SUITE(TrialQueueTest, Kinds, KindName);

TYPED_TEST(TrialQueueTest, ClaimsTheLowestIdUnderALease) {
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

TYPED_TEST(TrialQueueTest, StoresWhatAnEvaluationFound) {
  this->add_queued(1, 1);
  Trial trial = *this->store->claim("w", 30);
  trial.rungs = {{10, std::numeric_limits<double>::quiet_NaN(), 2, 50, 90}};
  EXPECT_TRUE(this->store->report_rung(trial, trial.rungs.back()));
  EXPECT_EQ(this->store->get(1)->rungs.size(), 1u);
  EXPECT_EQ(this->store->get(1)->state, TrialState::running);
  EXPECT_THROW((void)this->store->finish(trial), Error) << "running is no end";
  trial.rungs.push_back({20, 1, 2, 60, 91});
  trial.state = TrialState::scored;
  trial.stage = Stage::proxy;
  trial.reason = "trained";
  trial.metrics.set("params", Quantity::exact(1e6, ""));
  trial.u = 1.0 / 3;
  trial.feasible = true;
  trial.core_seconds = 1.5;
  EXPECT_TRUE(this->store->finish(trial));
  EXPECT_FALSE(this->store->finish(trial)) << "a trial ends once";
  const Trial read = *this->store->get(1);
  EXPECT_EQ(read.state, TrialState::scored);
  EXPECT_EQ(read.stage, Stage::proxy);
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
  EXPECT_EQ(this->store->counts(), (trial::StateCounts{{trial::TrialState::scored, 1}}));
  EXPECT_THAT(this->event_names(1), ElementsAre("proposed", "claimed", "rung", "finished"));
  EXPECT_EQ(this->store->events(1).back().to, "scored");
}

TYPED_TEST(TrialQueueTest, CountsTheComputeOfAllAttempts) {
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

TYPED_TEST(TrialQueueTest, AHeartbeatExtendsTheLease) {
  this->add_queued(1, 1);
  const Trial trial = *this->store->claim("w", 0);
  EXPECT_TRUE(this->store->heartbeat(trial, 60));
  EXPECT_EQ(this->store->requeue_expired(), 0);
  EXPECT_TRUE(this->store->heartbeat(trial, 0));
  EXPECT_EQ(this->store->requeue_expired(), 1);
  EXPECT_FALSE(this->store->heartbeat(trial, 60));
}

TYPED_TEST(TrialQueueTest, AnExpiredLeasePutsTheTrialBack) {
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

TYPED_TEST(TrialQueueTest, OrphansAreRequeuedWhateverTheirLease) {
  this->add_queued(1, 3);
  (void)this->store->claim("a", 60);
  (void)this->store->claim("b", 60);
  (void)this->store->claim("a", 60);
  EXPECT_EQ(this->store->requeue_orphans("a"), 2);
  EXPECT_THAT(this->ids(this->store->list(trial::TrialState::queued)), ElementsAre(1, 3));
  EXPECT_THAT(this->ids(this->store->list(trial::TrialState::running)), ElementsAre(2));
}

TYPED_TEST(TrialQueueTest, ALateWriterChangesNothingAndLearnsOfIt) {
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

TYPED_TEST(TrialQueueTest, TheThirdLossIsAFailureAndAReleaseIsNone) {
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

}  // namespace
}  // namespace gensynth::store
