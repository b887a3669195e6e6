#include "search/analysis/overview/worker_timeline.hpp"

#include <gtest/gtest.h>

#include "search/store/trial_events.hpp"

namespace gensynth::analysis::overview {
namespace {

trial::Trial running(std::int64_t id, int attempt, const std::string& worker) {
  trial::Trial result;
  result.id = id;
  result.attempt = attempt;
  result.worker = worker;
  result.state = trial::TrialState::scored;
  return result;
}

trial::Event at(double time, trial::Event event) {
  event.time = time;
  return event;
}

TEST(WorkerTimeline, PairsClaimsWithTheirEnds) {
  const std::vector<Attempt> attempts = worker_timeline({
      at(1, store::claimed_event(running(1, 1, "host a/0"))),
      at(2, store::claimed_event(running(2, 1, "host/1"))),
      at(5, store::finished_event(running(1, 1, "host a/0"))),
      at(6, store::released_events(running(2, 1, "host/1"), "stopped")[0]),
      at(7, store::claimed_event(running(2, 2, "host/1"))),
      at(8, store::lost_events(2, 1, "gone")[0]),
      at(9, store::claimed_event(running(2, 3, "host/1"))),
      at(12, store::run_event(trial::EventKind::budget, "more")),
  });
  ASSERT_EQ(attempts.size(), 4U);
  EXPECT_EQ(attempts[0].trial, 1);
  EXPECT_EQ(attempts[0].worker, "host a/0");
  EXPECT_EQ(attempts[0].start, 1);
  EXPECT_EQ(attempts[0].end, 5);
  EXPECT_EQ(attempts[0].outcome, "scored");
  EXPECT_EQ(attempts[1].outcome, "preempted");
  EXPECT_EQ(attempts[2].attempt, 2);
  EXPECT_EQ(attempts[2].outcome, "lost");
  EXPECT_EQ(attempts[3].attempt, 3);
  EXPECT_EQ(attempts[3].outcome, "running");
  EXPECT_EQ(attempts[3].end, 12) << "until the last event of the run";
}

TEST(WorkerTimeline, IsEmptyWithoutWorkers) {
  EXPECT_TRUE(worker_timeline({at(1, store::proposed_event(running(1, 0, "")))}).empty());
}

}  // namespace
}  // namespace gensynth::analysis::overview
