#include "search/run/run.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "architecture/base/error.hpp"
#include "architecture/base/file.hpp"
#include "architecture/base/json_reader.hpp"
#include "tests/search/scratch.hpp"

namespace gensynth::run {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;
namespace fs = std::filesystem;

class RunTest : public ::testing::Test {
 protected:
  job::Job job(nlohmann::json text = testing::untrained_job()) const {
    return job::job_from_json(text, scratch / "job.json");
  }
  run::Run create() const { return run::Run::create(scratch / "run", job()); }

  testing::Scratch scratch;
};

TEST_F(RunTest, KeepsItsJobAndItsTrials) {
  {
    run::Run run = create();
    run.store().set_values({{"proposer", "state"}});
    EXPECT_EQ(run.job().source, run.folder().job()) << "messages name the job in the run's folder";
    EXPECT_EQ(&run.context(), &run.context()) << "made once";
    const job::Job& held = run.job();
    const run::Run moved = std::move(run);
    EXPECT_EQ(&moved.job(), &held) << "references outlive a move";
  }
  for (const RunMode mode : {RunMode::read, RunMode::work, RunMode::resume}) {
    const run::Run run = run::Run::open(scratch / "run", mode);
    EXPECT_EQ(to_json(run.job()), to_json(job()));
    EXPECT_EQ(run.store().value("proposer"), "state");
  }
}

TEST_F(RunTest, IsFoundByFolderDatabaseAndUrl) {
  (void)create();
  const std::string folder = scratch / "run";
  for (const std::string& place : {folder, folder + "/", folder + "/run.db", "sqlite3://" + folder + "/run.db",
                                   "sqlite3://" + folder, fs::relative(folder).string() + "/run.db"}) {
    EXPECT_EQ(run::Run::open(place, RunMode::work).folder().path + "/", fs::path(folder + "/").lexically_normal())
        << place;
  }
}

TEST_F(RunTest, RefusesPlacesWithoutARun) {
  const auto message = [](const std::string& place) { return [place] { (void)run::Run::open(place, RunMode::read); }; };
  (void)create();
  fs::create_directory(scratch / "empty");
  std::ofstream(scratch / "file") << "x";
  EXPECT_THAT(message(scratch / "none"), ThrowsMessage<Error>(HasSubstr("no such folder")));
  EXPECT_THAT(message(scratch / "none/run.db"), ThrowsMessage<Error>(HasSubstr("sqlite3://RUN/run.db")));
  EXPECT_THAT(message(scratch / "empty"), ThrowsMessage<Error>(HasSubstr("run.db is missing")));
  EXPECT_THAT(message(scratch / "file"), ThrowsMessage<Error>(HasSubstr("this is no run")));
  EXPECT_THAT(message("mysql://x"), ThrowsMessage<Error>(HasSubstr("mysql")));
  EXPECT_THAT(message("memory:"), ThrowsMessage<Error>(HasSubstr("no such folder")));
}

TEST_F(RunTest, IsMadeOnce) {
  std::ofstream(scratch / "file") << "x";
  EXPECT_THAT([&] { (void)run::Run::create(scratch / "file", job()); },
              ThrowsMessage<Error>(HasSubstr("not a folder")));
  EXPECT_FALSE(run::Run::exists(scratch / "run"));
  {
    run::Run run = create();
    run.store().set_values({{"a", "b"}});
  }
  EXPECT_TRUE(run::Run::exists(scratch / "run"));
  EXPECT_THAT([&] { (void)create(); }, ThrowsMessage<Error>(HasSubstr("--resume")));
  EXPECT_EQ(run::Run::open(scratch / "run", RunMode::read).store().value("a"), "b") << "the run is as it was";
}

TEST_F(RunTest, HasOneCoordinatorAndAnyNumberOfOthers) {
  const run::Run run = create();
  const auto resume = [&] { (void)run::Run::open(scratch / "run", RunMode::resume); };
  EXPECT_THAT(resume, ThrowsMessage<Error>(HasSubstr("another search")));
  EXPECT_NO_THROW((void)run::Run::open(scratch / "run", RunMode::read));
  EXPECT_NO_THROW((void)run::Run::open(scratch / "run", RunMode::work));
  // A coordinator that ended before it made the database: its lock is released, and the folder can be used again.
  {
    const run::Run first = run::Run::create(scratch / "cut", job());
    fs::remove(first.folder().database());
    EXPECT_THAT([&] { (void)run::Run::create(scratch / "cut", job()); },
                ThrowsMessage<Error>(HasSubstr("another search")));
  }
  EXPECT_NO_THROW((void)run::Run::create(scratch / "cut", job()));
}

TEST_F(RunTest, AReaderWritesNothing) {
  (void)create();
  run::Run reader = run::Run::open(scratch / "run", RunMode::read);
  EXPECT_THROW(reader.store().set_values({{"a", "b"}}), Error);
  EXPECT_THROW(reader.raise_trials(100), Error);
}

TEST_F(RunTest, RaisesTheBudgetOfTrialsOnly) {
  run::Run run = create();
  EXPECT_THAT([&] { run.raise_trials(11); }, ThrowsMessage<Error>(HasSubstr("budget of 12")));
  run.raise_trials(20);
  EXPECT_EQ(run.job().budget.trials, 20);
  EXPECT_EQ(run::Run::open(scratch / "run", RunMode::read).job().budget.trials, 20);
}

TEST_F(RunTest, TheDatabaseHasTheJob) {
  run::Run run = create();
  std::ofstream(run.folder().job()) << "nonsense";
  EXPECT_EQ(to_json(run::Run::open(scratch / "run", RunMode::read).job()), to_json(job()));
  fs::remove(run.folder().job());
  EXPECT_EQ(to_json(run::Run::open(scratch / "run", RunMode::work).job()), to_json(job()));
}

TEST_F(RunTest, ResumingTakesOverABudgetAndRefusesAnythingElse) {
  (void)create();
  nlohmann::json text = testing::untrained_job();
  const auto resume = [&](const nlohmann::json& changed) {
    run::Run run = run::Run::open(scratch / "run", RunMode::resume);
    const job::Job given = job(changed);
    run.take_over_changes(&given);
    return run.notes();
  };
  EXPECT_TRUE(resume(text).empty());
  text["budget"] = {{"trials", 40}};
  EXPECT_THAT(resume(text), ::testing::ElementsAre(HasSubstr("/budget/trials 12 -> 40")));
  EXPECT_TRUE(resume(text).empty()) << "taken over once";
  {
    const run::Run run = run::Run::open(scratch / "run", RunMode::read);
    EXPECT_EQ(run.job().budget.trials, 40);
    EXPECT_EQ(run.store().events().back().kind, trial::EventKind::budget);
    EXPECT_EQ(read_json_file(run.folder().job())["budget"]["trials"], 40);
  }
  nlohmann::json other = text;
  other["seed"] = 4;
  other["budget"]["trials"] = 50;
  EXPECT_THAT([&] { resume(other); }, ThrowsMessage<Error>(HasSubstr("/seed 3 -> 4")));
  EXPECT_EQ(run::Run::open(scratch / "run", RunMode::read).job().budget.trials, 40) << "nothing was changed";
}

TEST_F(RunTest, WhatTheCommandLineChangedIsNoDifferenceOfTheFile) {
  job::Job changed = job();
  changed.budget.trials = 64;
  changed.seed = 9;
  const job::Job given = job();
  (void)run::Run::create(scratch / "run", changed, &given);
  run::Run run = run::Run::open(scratch / "run", RunMode::resume);
  run.take_over_changes(&given);
  EXPECT_EQ(run.job().budget.trials, 64);
  EXPECT_EQ(run.job().seed, 9u);
}

TEST_F(RunTest, AnEditedJobFileOfTheRunIsTakenOverOrRefused) {
  (void)create();
  const std::string path = scratch / "run/job.json";
  const nlohmann::json written = read_json_file(path);
  const auto edit = [&](const nlohmann::json& content) { std::ofstream(path) << content.dump(); };
  const auto resume = [&] {
    run::Run run = run::Run::open(scratch / "run", RunMode::resume);
    run.take_over_changes(nullptr);
    return run.notes();
  };
  nlohmann::json edited = written;
  edited["batch"] = 3;
  edit(edited);
  EXPECT_THAT([&] { resume(); }, ThrowsMessage<Error>(HasSubstr("/batch 8 -> 3")));
  edited = written;
  edited["budget"]["minutes"] = 7;
  edit(edited);
  EXPECT_THAT(resume(), ::testing::ElementsAre(HasSubstr("/budget/minutes")));
  EXPECT_EQ(run::Run::open(scratch / "run", RunMode::read).job().budget.minutes, 7);
  fs::remove(path);
  EXPECT_THAT(resume(), ::testing::ElementsAre(HasSubstr("job.json: was missing")));
  EXPECT_EQ(read_json_file(path)["budget"]["minutes"], 7);
}

TEST_F(RunTest, RemainsOfAnotherRunAreRefused) {
  fs::create_directories(scratch / "old/checkpoints");
  std::ofstream(scratch / "old/checkpoints/trial-1.state") << "x";
  EXPECT_THAT([&] { (void)run::Run::create(scratch / "old", job()); },
              ThrowsMessage<Error>(HasSubstr("trial-1.state")));
  fs::create_directories(scratch / "mine");
  std::ofstream(scratch / "mine/job.json") << "my own job";
  EXPECT_THAT([&] { (void)run::Run::create(scratch / "mine", job()); },
              ThrowsMessage<Error>(HasSubstr("would overwrite it")));
  EXPECT_EQ(read_file(scratch / "mine/job.json"), "my own job");
}

/// One of many simultaneous starts on one folder makes the run, and the run contains the job of that start.
TEST_F(RunTest, SimultaneousStartsMakeOneRun) {
  constexpr int kStarts = 12;
  for (int round = 0; round < 3; ++round) {
    const std::string folder = scratch / ("race" + std::to_string(round));
    int go[2];
    ASSERT_EQ(::pipe(go), 0);
    std::vector<pid_t> starts;
    for (int i = 0; i < kStarts; ++i) {
      starts.push_back(::fork());
      if (starts.back() != 0) continue;
      job::Job mine = job();
      mine.seed = static_cast<std::uint64_t>(100 + i);
      ::close(go[1]);
      char none = 0;
      (void)!::read(go[0], &none, 1);  // until all have been started
      try {
        run::Run run = run::Run::create(folder, mine);
        run.store().set_values({{"winner", std::to_string(mine.seed)}});
        ::_exit(0);
      } catch (const Error& error) {
        const std::string what = error.what();
        const bool expected =
            what.find("another search") != std::string::npos || what.find("--resume") != std::string::npos;
        ::_exit(expected ? 1 : 2);
      }
    }
    ::close(go[0]);
    ::close(go[1]);
    int made = 0;
    for (const pid_t start : starts) {
      int status = 0;
      ::waitpid(start, &status, 0);
      EXPECT_LE(WEXITSTATUS(status), 1);
      made += status == 0 ? 1 : 0;
    }
    EXPECT_EQ(made, 1);
    const run::Run run = run::Run::open(folder, RunMode::read);
    EXPECT_EQ(run.store().value("winner"), std::to_string(run.job().seed));
    EXPECT_EQ(read_json_file(run.folder().job())["seed"], run.job().seed);
  }
}

TEST_F(RunTest, WritesNothingForABadStart) {
  nlohmann::json text = testing::untrained_job();
  text["start_from"] = {"absent.json"};
  EXPECT_THAT([&] { (void)run::Run::create(scratch / "run", job(text)); },
              ThrowsMessage<Error>(HasSubstr("/start_from/0")));
  EXPECT_FALSE(fs::exists(scratch / "run"));
}

TEST_F(RunTest, KeepsStartsResolved) {
  nlohmann::json text = testing::untrained_job();
  text["space"] = {{"kind", "nasbench201"}};
  text["start_from"] = {"zoo:nb201:|nor_conv_3x3~0|+|none~0|skip_connect~1|+|nor_conv_1x1~0|nor_conv_3x3~1|none~2|"};
  const run::Run run = run::Run::create(scratch / "run", job(text));
  EXPECT_EQ(run.notes().size(), 1U);
  EXPECT_TRUE(run.job().start_from.at(0).genotype);
  const nlohmann::json written = read_json_file(run.folder().job())["start_from"][0];
  EXPECT_EQ(written["genotype"], *run.job().start_from.at(0).genotype);
  EXPECT_EQ(written["net"], text["start_from"][0]);
}

}  // namespace
}  // namespace gensynth::run
