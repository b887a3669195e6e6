#include "search/analysis/trial_list.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "architecture/base/error.hpp"
#include "tests/search/scratch.hpp"

namespace gensynth::analysis {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

class TrialListTest : public ::testing::Test {
 protected:
  testing::Scratch scratch;
  loop::SearchOutcome outcome = testing::search(scratch / "run", testing::untrained_job());
  run::Run run = run::Run::open(scratch / "run", run::RunMode::read);
  const store::RunReader* store = &run.store();
};

TEST_F(TrialListTest, OmitsRejectionsWithoutTrainingByDefault) {
  const std::vector<trial::Trial> queued = listed_trials(*store, "");
  EXPECT_EQ(queued.size(), 12U);
  EXPECT_TRUE(std::all_of(queued.begin(), queued.end(), [](const trial::Trial& t) { return t.ordinal > 0; }));
  const std::vector<trial::Trial> all = listed_trials(*store, "all");
  EXPECT_EQ(static_cast<std::int64_t>(all.size()), store->last_trial());
  EXPECT_GT(all.size(), queued.size());
  EXPECT_EQ(static_cast<std::int64_t>(listed_trials(*store, "rejected").size()),
            outcome.counts.at(trial::TrialState::rejected));
  EXPECT_THROW((void)listed_trials(*store, "nonsense"), Error);
}

TEST_F(TrialListTest, EventsThatMakeOrEndATrialComeWithIt) {
  const std::vector<LoggedEvent> events = logged_events(*store);
  ASSERT_FALSE(events.empty());
  for (const auto& [event, trial] : events) {
    EXPECT_EQ(trial.has_value(), event.kind == trial::EventKind::proposed || event.kind == trial::EventKind::finished)
        << to_string(event.kind);
    if (trial) {
      EXPECT_EQ(trial->id, event.trial);
    }
  }
}

TEST_F(TrialListTest, AnUnknownTrialIsAnErrorThatNamesTheRange) {
  EXPECT_EQ(trial_of(*store, "run", 1).id, 1);
  EXPECT_THAT([&] { (void)trial_of(*store, "run", 999'999); },
              ThrowsMessage<Error>(
                  HasSubstr("run: no trial 999999; the run has trials 1 to " + std::to_string(store->last_trial()))));
}

}  // namespace
}  // namespace gensynth::analysis
