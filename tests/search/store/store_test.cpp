#include "search/store/store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <fstream>
#include <limits>
#include <set>

#include "architecture/base/error.hpp"
#include "search/trial/trial_record.hpp"
#include "tests/search/scratch.hpp"

namespace gensynth::store {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

trial::Trial queued(std::int64_t id) {
  trial::Trial trial;
  trial.id = trial.ordinal = id;
  trial.state = trial::TrialState::queued;
  trial.genotype = {1, 2, static_cast<int>(id)};
  trial.hash = "h" + std::to_string(id);
  return trial;
}

trial::Trial rejected(std::int64_t id, double violation) {
  trial::Trial trial = queued(id);
  trial.ordinal = 0;
  trial.state = trial::TrialState::rejected;
  trial.rule = "small";
  trial.stage = "graph";
  constraints::Verdict v;
  v.constraint = "small";
  v.satisfied = false;
  v.bound = 2;
  v.violation = violation;
  trial.verdicts = {v};
  return trial;
}

class StoreTest : public ::testing::Test {
 protected:
  testing::Scratch scratch;
  std::string path = scratch / "run.db";
  std::unique_ptr<Store> store = Store::create(path);
};

TEST_F(StoreTest, TrialsGoThroughTheirStates) {
  store->add({queued(1), queued(2)}, {{"proposer", "state"}});
  EXPECT_EQ(store->value("proposer"), "state");
  trial::Trial trial = *store->claim("w", 30);
  EXPECT_EQ(trial.id, 1);
  EXPECT_EQ(trial.attempt, 1);
  EXPECT_TRUE(store->heartbeat(trial, 30));
  EXPECT_TRUE(store->report_rung(trial, trial::Rung{10, 1, 2, 50, 90}));
  trial.state = trial::TrialState::scored;
  trial.u = 12.5;
  trial.feasible = true;
  trial.core_seconds = 1.5;
  EXPECT_TRUE(store->finish(trial));
  EXPECT_FALSE(store->finish(trial)) << "a trial ends once";
  const trial::Trial read = *store->get(1);
  EXPECT_EQ(read.state, trial::TrialState::scored);
  EXPECT_EQ(read.u, 12.5);
  EXPECT_EQ(read.core_seconds, 1.5);
  EXPECT_EQ(read.genotype, trial.genotype);
  EXPECT_EQ(store->counts(), (std::map<std::string, std::int64_t>{{"queued", 1}, {"scored", 1}}));
  std::vector<std::int64_t> evaluated;
  store->each_evaluated([&](trial::Trial&& ended) { evaluated.push_back(ended.id); });
  EXPECT_EQ(evaluated, std::vector<std::int64_t>{1});
  std::vector<std::string> names;
  std::int64_t last = 0;
  for (const trial::Event& e : store->events(0, 1)) {
    names.push_back(e.event);
    EXPECT_GT(e.seq, last);
    last = e.seq;
  }
  EXPECT_EQ(names, (std::vector<std::string>{"proposed", "claimed", "rung", "finished"}));
  EXPECT_EQ(store->last_event(), last);
  EXPECT_EQ(store->last_trial(), 2);
}

TEST_F(StoreTest, TellsObservedTrialsInTheOrderInWhichTheyWere) {
  const auto observed = [&] {
    std::vector<std::int64_t> ids;
    store->each_observed([&](trial::Trial&& trial) { ids.push_back(trial.id); });
    return ids;
  };
  store->add({queued(1), queued(2), queued(3)}, {});
  EXPECT_TRUE(observed().empty());
  store->add({queued(4)}, {}, {3, 1});
  store->add({}, {}, {4});
  store = Store::open(path);
  store->add({}, {}, {2});
  EXPECT_EQ(observed(), (std::vector<std::int64_t>{3, 1, 4, 2}));
}

TEST_F(StoreTest, ALateWriterChangesNothing) {
  store->add({queued(1)}, {});
  trial::Trial late = *store->claim("a", 30);
  EXPECT_EQ(store->reap(now_seconds()), 0) << "its lease runs";
  EXPECT_EQ(store->reap(now_seconds() + 60), 1);
  const trial::Trial second = *store->claim("a", 30);  // the same name: only the attempt tells them apart
  EXPECT_EQ(second.attempt, 2);
  late.state = trial::TrialState::scored;
  const std::size_t events = store->events().size();
  EXPECT_FALSE(store->heartbeat(late, 30));
  EXPECT_FALSE(store->report_rung(late, {}));
  EXPECT_FALSE(store->finish(late));
  EXPECT_FALSE(store->release(late, "late"));
  EXPECT_EQ(store->events().size(), events);
  EXPECT_EQ(store->get(1)->state, trial::TrialState::running);
}

TEST_F(StoreTest, TheThirdLossIsAFailureAndAReleaseIsNone) {
  store->add({queued(1)}, {});
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(store->release(*store->claim("w", 30), "stop"));
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(store->claim("w", 30)) << i;
    EXPECT_EQ(store->reap(now_seconds() + 60, "other"), 0);
    EXPECT_EQ(store->reap(now_seconds() + 60, "w"), 1);
  }
  EXPECT_FALSE(store->claim("w", 30));
  EXPECT_EQ(store->get(1)->state, trial::TrialState::failed);
  EXPECT_EQ(store->get(1)->attempt, 8);
  EXPECT_THAT(store->get(1)->reason, HasSubstr("lost 3 times"));
}

TEST_F(StoreTest, CountsRejectsWithTheClosestMiss) {
  store->add({rejected(1, 4), rejected(2, 1), queued(3)}, {});
  const auto rejects = store->rejects();
  ASSERT_EQ(rejects.size(), 1u);
  EXPECT_EQ(rejects.at("small").count, 2);
  EXPECT_DOUBLE_EQ(rejects.at("small").closest, 0.5);
  EXPECT_EQ(rejects.at("small").stage, "graph");
}

TEST_F(StoreTest, RefusesWhatIsNoRun) {
  EXPECT_THAT([&] { (void)Store::create(path); }, ThrowsMessage<Error>(HasSubstr("exists")));
  EXPECT_THAT([&] { (void)Store::open(scratch / "none.db"); }, ThrowsMessage<Error>(HasSubstr("none.db")));
  std::ofstream(scratch / "text.db") << std::string(5000, 'x');
  EXPECT_THROW((void)Store::open(scratch / "text.db"), Error);
  EXPECT_THAT([&] { (void)Store::open("mysql://x"); }, ThrowsMessage<Error>(HasSubstr("mysql")));
  const auto reader = Store::open(path, true);
  EXPECT_THROW(reader->add({queued(1)}, {}), Error);
}

TEST_F(StoreTest, IsInPlaceOnlyWhenWhole) {
  const std::string fresh = scratch / "fresh.db";
  std::ofstream(fresh + ".new") << "left behind by a process that was killed";
  std::ofstream(fresh + ".new-journal") << "and its journal";
  const auto made = Store::create(fresh);
  EXPECT_EQ(made->last_trial(), 0);
  made->add({queued(1)}, {});
  EXPECT_EQ(Store::open(fresh, true)->last_trial(), 1);
  EXPECT_FALSE(std::filesystem::exists(fresh + ".new"));
  EXPECT_FALSE(std::filesystem::exists(fresh + ".new-journal"));
}

TEST_F(StoreTest, TwoProcessesClaimEachTrialExactlyOnce) {
  std::vector<trial::Trial> trials;
  for (std::int64_t i = 1; i <= 200; ++i) trials.push_back(queued(i));
  store->add(trials, {});
  store.reset();
  std::vector<pid_t> children;
  for (const char* name : {"a", "b"}) {
    const pid_t child = ::fork();
    if (child == 0) {
      int code = 1;
      try {
        const auto own = Store::open(path);
        while (std::optional<trial::Trial> trial = own->claim(name, 60)) {
          trial->state = trial::TrialState::scored;
          if (!own->finish(*trial)) ::_exit(2);
        }
        code = 0;
      } catch (const std::exception&) {
      }
      ::_exit(code);
    }
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
  }
  const auto reader = Store::open(path, true);
  std::multiset<std::int64_t> claimed;
  for (const trial::Event& e : reader->events()) {
    if (e.event == "claimed") claimed.insert(e.trial);
  }
  EXPECT_EQ(claimed.size(), 200u);
  EXPECT_EQ((std::set<std::int64_t>(claimed.begin(), claimed.end())).size(), 200u);
  EXPECT_EQ(reader->counts().at("scored"), 200);
}

TEST(TrialRecord, ComesBackAsItWas) {
  trial::Trial trial = rejected(4, 1);
  trial.metrics.set("params", Quantity::exact(1e6, ""));
  trial.metrics.set("latency_ms", Quantity::predicted(3, "ms", "model", 2, 4));
  trial.parents = {1, 2};
  trial.prune_below = {0, 12.5};
  trial.u = 1.0 / 3;
  trial.rungs = {{10, std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity(), 1, 2}};
  trial::Trial other;
  other.id = 4;
  EXPECT_EQ(trial::read_trial_message(trial::trial_message("rung", trial), other), "rung");
  EXPECT_EQ(other.genotype, trial.genotype);
  EXPECT_EQ(other.parents, trial.parents);
  EXPECT_EQ(other.prune_below, trial.prune_below);
  EXPECT_EQ(other.u, trial.u);
  EXPECT_EQ(other.rule, "small");
  EXPECT_EQ(other.state, trial::TrialState::rejected);
  EXPECT_EQ(other.metrics.at("latency_ms").high, 4);
  ASSERT_EQ(other.rungs.size(), 1u);
  EXPECT_TRUE(std::isnan(other.rungs[0].train_loss));
  EXPECT_TRUE(std::isnan(other.rungs[0].loss));
  EXPECT_THROW((void)trial::read_trial_message("{}", other), Error);
  const std::string body = trial::trial_body(trial);
  for (const char* damage : {"[0.5]", "[4294967296]", "[1e300]", "[true]", "7"}) {
    nlohmann::json damaged = nlohmann::json::parse(body);
    damaged["genotype"] = nlohmann::json::parse(damage);
    EXPECT_THROW(trial::read_trial_body(damaged.dump(), "store", other), Error) << damage;
  }
  EXPECT_THROW(trial::read_trial_body("{", "db", other), Error);
}

}  // namespace
}  // namespace gensynth::store
