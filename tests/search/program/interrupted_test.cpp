#include <gmock/gmock.h>
#include <signal.h>

#include "tests/search/program/program.hpp"

namespace gensynth::program {
namespace {

using ::testing::HasSubstr;

TEST_F(Program, ResumingSaysWhatItIsAskedToIgnore) {
  json job = tiny_job();
  job["proxy"] = nullptr;
  job["objective"]["accuracy"] = "top1";
  write("job.json", job);
  ASSERT_EQ(run("search job.json --out run -q").code, 0);
  const Result missing = run("search absent.json --out run --resume -q");
  EXPECT_EQ(missing.code, 2);
  EXPECT_THAT(missing.text, HasSubstr("absent.json"));
  job["seed"] = 6;
  job["budget"]["trials"] = 6;
  write("other.json", job);
  const Result other = run("search other.json --out run --resume -q");
  EXPECT_EQ(other.code, 2);
  EXPECT_THAT(other.text, HasSubstr("/seed 5 -> 6"));
  job["seed"] = 5;
  write("longer.json", job);
  const Result longer = run("search longer.json --out run --resume");
  EXPECT_EQ(longer.code, 0);
  EXPECT_THAT(longer.text, HasSubstr("/budget/trials 4 -> 6"));
  EXPECT_EQ(lines("log run list --state scored --json").size(), 6u);
  EXPECT_THAT(run("log run --json").text, HasSubstr("\"event\":\"budget\""));
}

class InterruptedTraining : public Program {
 protected:
  /// A job whose trainings are long enough to be interrupted.
  static json long_job(int trials) {
    json job = tiny_job();
    job["proxy"]["images"] = 1920;
    job["proxy"]["rungs"] = {96, 1920};
    job["budget"]["trials"] = trials;
    return job;
  }
};

TEST_F(InterruptedTraining, AKilledTrialIsALossAndNotAFailure) {
  write("job.json", long_job(1));
  const pid_t search = start({"search", "job.json", "--out", "run", "--workers", "1", "-q"});
  const bool training = saw("run", "rung");
  const pid_t worker = child_of(search);
  const pid_t trial = worker > 0 ? child_of(worker) : 0;
  if (trial > 0) ::kill(trial, SIGKILL);
  const int code = wait(search);
  ASSERT_TRUE(training && trial > 0);
  EXPECT_EQ(code, 0);
  EXPECT_THAT(run("log run --json").text, HasSubstr("its process was ended by signal 9"));
  expect_each_evaluated_once("run", 1);
}

TEST_F(InterruptedTraining, ALostWorkerCostsAnAttemptOnly) {
  write("job.json", long_job(2));
  const pid_t search = start({"search", "job.json", "--out", "run", "--workers", "1", "-q"});
  const bool claimed = saw("run", "claimed");
  const pid_t worker = child_of(search);
  if (worker > 0) ::kill(worker, SIGKILL);
  const int code = wait(search);
  ASSERT_TRUE(claimed && worker > 0);
  EXPECT_EQ(code, 0);
  const std::string log = run("log run --json").text;
  EXPECT_THAT(log, HasSubstr("\"event\":\"lost\""));
  EXPECT_THAT(log, HasSubstr("\"event\":\"requeued\""));
  expect_each_evaluated_once("run", 2);
}

}  // namespace
}  // namespace gensynth::program
