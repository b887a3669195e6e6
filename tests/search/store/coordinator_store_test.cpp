// The contract of search/store/coordinator_store.hpp and search_state.hpp.
#include <algorithm>

#include "architecture/base/error.hpp"
#include "tests/search/store/conformance.hpp"

namespace gensynth::store {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using trial::Trial;
using trial::TrialState;

template <typename Kind>
class CoordinatorStoreTest : public StoreConformance<Kind> {};
TYPED_TEST_SUITE(CoordinatorStoreTest, Kinds, KindName);

TYPED_TEST(CoordinatorStoreTest, BeginsEmpty) {
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

TYPED_TEST(CoordinatorStoreTest, AddsTrialsValuesAndEvents) {
  Trial duplicate = queued_trial(3);
  duplicate.ordinal = 0;
  duplicate.state = TrialState::duplicate;
  duplicate.hash = "h1";
  duplicate.duplicate_of = 1;
  this->store->add({queued_trial(1), rejected_trial(2, 1), duplicate}, {{"proposer", "state"}});
  EXPECT_EQ(this->store->value("proposer"), "state");
  EXPECT_EQ(this->store->last_trial(), 3);
  EXPECT_THAT(this->ids(this->store->list()), ElementsAre(1, 2, 3));
  EXPECT_THAT(this->ids(this->store->list(trial::TrialState::rejected)), ElementsAre(2));
  EXPECT_EQ(this->store->counts(),
            (trial::StateCounts{
                {trial::TrialState::duplicate, 1}, {trial::TrialState::queued, 1}, {trial::TrialState::rejected, 1}}));
  EXPECT_EQ(this->store->get(3)->duplicate_of, 1);
  EXPECT_THAT(this->store->find_by_hash("h1"), ElementsAre(1)) << "duplicates do not count";
  EXPECT_THAT(this->store->find_by_hash("none"), IsEmpty());
  EXPECT_THAT(this->event_names(2), ElementsAre("proposed"));
  EXPECT_EQ(this->store->events(2)[0].to, "rejected");
  EXPECT_EQ(this->store->events().size(), 3u);
}

TYPED_TEST(CoordinatorStoreTest, AddIsAllOrNothing) {
  this->add_queued(1, 1);
  EXPECT_THROW(this->store->add({queued_trial(2), queued_trial(1)}, {{"a", "b"}}), Error);
  EXPECT_THROW(this->store->add({queued_trial(2)}, {{"a", "b"}}, {7}), Error);
  EXPECT_EQ(this->store->last_trial(), 1);
  EXPECT_EQ(this->store->value("a"), std::nullopt);
  EXPECT_EQ(this->store->events().size(), 1u);
  this->store->add({}, {}, {1});
  EXPECT_THROW(this->store->add({}, {}, {1}), Error) << "a strategy observes each trial once";
}

TYPED_TEST(CoordinatorStoreTest, KeepsTheOrderInWhichTrialsWereObserved) {
  this->add_queued(1, 3);
  EXPECT_THAT(this->observed(), IsEmpty());
  this->store->add({queued_trial(4)}, {}, {3, 1});
  this->store->add({}, {}, {4});
  this->store = this->run.open();
  this->store->add({}, {}, {2});
  EXPECT_THAT(this->observed(), ElementsAre(3, 1, 4, 2));
}

TYPED_TEST(CoordinatorStoreTest, ReplacesValuesAndKeepsOthers) {
  this->store->set_values({{"a", "1"}, {"b", "2"}});
  this->store->set_values({{"a", "3"}});
  this->store->add({}, {{"c", "4"}, {"b", ""}});
  EXPECT_EQ(this->store->value("a"), "3");
  EXPECT_EQ(this->store->value("b"), "");
  EXPECT_EQ(this->store->value("c"), "4");
}

TYPED_TEST(CoordinatorStoreTest, ReturnsEachEndedTrialOnce) {
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

TYPED_TEST(CoordinatorStoreTest, ReturnsUnseenTrialsByOrdinalAfterReopening) {
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

}  // namespace
}  // namespace gensynth::store
