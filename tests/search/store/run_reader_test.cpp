// Tests of the contract of search/store/run_reader.hpp, and of durability.
#include <set>

#include "architecture/base/clock.hpp"
#include "architecture/base/error.hpp"
#include "tests/search/store/conformance.hpp"

namespace gensynth::store {
namespace {

using ::testing::ElementsAre;
using trial::Trial;
using trial::TrialState;

template <typename Kind>
class RunReaderTest : public StoreConformance<Kind> {};
TYPED_TEST_SUITE(RunReaderTest, Kinds, KindName);

TYPED_TEST(RunReaderTest, VisitsEvaluatedTrialsOnly) {
  this->store->add({rejected_trial(1, 1), queued_trial(2), queued_trial(3), queued_trial(4)}, {});
  this->score(1);
  (void)this->store->claim("w", 30);
  EXPECT_THAT(this->evaluated(), ElementsAre(2));
}

TYPED_TEST(RunReaderTest, SumsRejectsByConstraint) {
  this->store->add({rejected_trial(1, 4), rejected_trial(2, 1), queued_trial(3)}, {});
  Trial trial = *this->store->claim("w", 30);
  trial.state = TrialState::rejected;
  trial.rule = "top1";
  trial.stage = Stage::proxy;
  trial.core_seconds = 3;
  EXPECT_TRUE(this->store->finish(trial));
  const auto rejects = this->store->rejects();
  ASSERT_EQ(rejects.size(), 2u);
  EXPECT_EQ(rejects.at("small").count, 2);
  EXPECT_DOUBLE_EQ(rejects.at("small").closest, 0.5);
  EXPECT_EQ(rejects.at("small").stage, Stage::graph);
  EXPECT_EQ(rejects.at("small").core_seconds, 0);
  EXPECT_EQ(rejects.at("top1").core_seconds, 3);
}

TYPED_TEST(RunReaderTest, NumbersEvents) {
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

TYPED_TEST(RunReaderTest, AReaderSeesWritesAndWritesNothing) {
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

TYPED_TEST(RunReaderTest, KeepsEverythingWhenItIsReopened) {
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

}  // namespace
}  // namespace gensynth::store
