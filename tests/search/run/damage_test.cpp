// A run with damaged records: its search goes on without them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include "architecture/base/error.hpp"
#include "search/run/network_ref.hpp"
#include "tests/search/scratch.hpp"

namespace gensynth::run {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;
using ::testing::ThrowsMessage;

class DamageTest : public ::testing::Test {
 protected:
  void sql(const std::string& statement) const {
    soci::session session(soci::sqlite3, "dbname=\"" + folder + "/run.db\"");
    session << statement;
  }
  loop::SearchOutcome resume(std::int64_t trials) const {
    run::Run run = run::Run::open(folder, run::RunMode::resume);
    run.raise_trials(trials);
    loop::SearchOptions options;
    options.deterministic = true;
    return loop::run_search(run, options, {});
  }
  testing::Scratch scratch;
  std::string folder = scratch / "run";
};

TEST_F(DamageTest, ASearchGoesOnWithoutDamagedTrials) {
  for (const char* strategy : {"random", "generative_synthesis", "regularized_evolution"}) {
    for (const char* change : {"body = '{'", "ordinal = 'x'", "state = 'bogus'", "observed = 'x'",
                               "state = 'queued', body = '{'", "state = 'running', body = x'00'"}) {
      if (strategy != std::string("random") && change != std::string("body = '{'")) continue;
      SCOPED_TRACE(std::string(strategy) + ": " + change);
      std::filesystem::remove_all(folder);
      nlohmann::json job = testing::untrained_job(strategy);
      job["space"] = {{"kind", "nasbench201"}};  // small: assessed in no time
      job["constraints"] = nlohmann::json::array();
      job["budget"]["trials"] = 4;
      (void)testing::search(folder, job);
      sql(std::string("UPDATE trial SET ") + change + " WHERE ordinal = 2");
      const loop::SearchOutcome outcome = resume(8);
      EXPECT_EQ(outcome.end, loop::SearchEnd::finished);
      EXPECT_EQ(outcome.evaluated, 8);
      EXPECT_TRUE(outcome.best.has_value());
    }
  }
}

TEST_F(DamageTest, TheWinnerIsChosenAmongTheOthersAndADamagedTrialIsNamed) {
  (void)testing::search(folder, testing::untrained_job());
  const std::int64_t best = resolve_network(folder).trial->id;
  EXPECT_THAT(resolve_network(folder).damaged, SizeIs(0));
  sql("UPDATE trial SET body = '{' WHERE id = " + std::to_string(best));
  const NetworkRef next = resolve_network(folder);
  EXPECT_NE(next.trial->id, best);
  ASSERT_THAT(next.damaged, SizeIs(1));
  EXPECT_THAT(next.damaged[0], HasSubstr("trial " + std::to_string(best) + ": column body"));
  EXPECT_THAT([&] { (void)resolve_network(folder + "#" + std::to_string(best)); },
              ThrowsMessage<Error>(HasSubstr("column body")));
}

}  // namespace
}  // namespace gensynth::run
