#include "search/run/run.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "architecture/base/error.hpp"
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
