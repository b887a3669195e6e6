#include "search/loop/run_search.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "architecture/base/error.hpp"
#include "search/loop/proposer.hpp"
#include "search/loop/signals.hpp"
#include "search/run/run.hpp"
#include "tests/search/scratch.hpp"

namespace gensynth::loop {
namespace {

using nlohmann::json;
using testing::Scratch;
using testing::search;
using testing::untrained_job;

/// The results of a run except times and compute.
std::vector<std::string> log_of(const std::string& folder) {
  std::vector<std::string> result;
  for (const trial::Trial& trial : run::Run::open(folder, run::RunMode::read).store().list()) {
    auto line = to_json(trial);
    line.erase("core_seconds");
    line.erase("attempt");
    result.push_back(line.dump());
  }
  return result;
}

TEST(SearchLoop, FinishesAndGivesTheSameLogTwice) {
  for (const char* strategy : {"random", "generative_synthesis"}) {
    const Scratch scratch;
    const SearchOutcome a = search(scratch / "a", untrained_job(strategy));
    const SearchOutcome b = search(scratch / "b", untrained_job(strategy));
    EXPECT_EQ(a.end, SearchEnd::finished);
    EXPECT_EQ(a.counts.at(trial::TrialState::scored), 12);
    ASSERT_TRUE(a.best && b.best);
    EXPECT_EQ(a.best->u, b.best->u);
    EXPECT_EQ(log_of(scratch / "a"), log_of(scratch / "b"));
  }
}

TEST(SearchLoop, AStoppedRunGoesOnAsIfItHadNot) {
  const Scratch scratch;
  json text = untrained_job("regularized_evolution");
  text["strategy"]["population"] = 4;
  text["budget"]["trials"] = 66;  // progress, with which the stop is requested, is first reported after 64
  (void)search(scratch / "whole", text);
  const job::Job job = job::job_from_json(text, "job");
  run::Run run = run::Run::create(scratch / "cut", job);
  const pid_t child = ::fork();
  if (child == 0) {  // a stop can be requested once per process
    const auto outcome = run_search(run, {}, [](const SearchProgress& progress) {
      if (progress.done < progress.target) request_stop();
    });
    ::_exit(outcome.end == SearchEnd::stopped ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_LT(run.store().counts()[trial::TrialState::scored], 66);
  EXPECT_EQ(run_search(run, {}, {}).end, SearchEnd::finished);
  EXPECT_EQ(log_of(scratch / "whole"), log_of(scratch / "cut"));
}

TEST(SearchLoop, TrialsLeftRunningByAKilledCoordinatorAreNoLosses) {
  const Scratch scratch;
  json text = untrained_job();
  text["budget"]["minutes"] = 0.25;  // a trial that is not queued again never ends; the search then ends without it
  const job::Job job = job::job_from_json(text, "job");
  run::Run run = run::Run::create(scratch / "run", job);
  {
    Proposer proposer(job, run.context(), run.store());
    ASSERT_TRUE(proposer.next([] { return false; }));
    ASSERT_TRUE(run.store().claim("coordinator", 3600));
  }
  const SearchOutcome outcome = run_search(run, {}, {});
  EXPECT_EQ(outcome.end, SearchEnd::finished);
  EXPECT_EQ(outcome.counts.at(trial::TrialState::scored), 12);
  for (const trial::Event& e : run.store().events()) EXPECT_NE(e.kind, trial::EventKind::lost);
}

TEST(SearchLoop, EndsWhenNothingIsFeasible) {
  const Scratch scratch;
  json text = untrained_job();
  text["constraints"][0]["expression"] = "params < 1";
  text["budget"]["proposals"] = 300;
  const SearchOutcome outcome = search(scratch / "run", text);
  EXPECT_EQ(outcome.end, SearchEnd::out_of_proposals);
  EXPECT_FALSE(outcome.best);
  std::int64_t proposals = 0;
  for (const auto& [state, count] : outcome.counts) proposals += count;
  EXPECT_EQ(proposals, 300);
}

}  // namespace
}  // namespace gensynth::loop
