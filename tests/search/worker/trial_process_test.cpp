#include "search/worker/trial_process.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "architecture/base/error.hpp"
#include "architecture/base/process_tree.hpp"

namespace gensynth::worker {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// Everything that the child writes until it ends.
std::vector<std::string> all_lines(TrialProcess& process) {
  std::vector<std::string> result;
  for (bool ended = false; !ended;) {
    ended = process.ended();
    for (std::string& line : process.lines(10)) result.push_back(std::move(line));
  }
  return result;
}

class TrialProcessTest : public ::testing::Test {
 protected:
  TrialProcessTest() { ::prctl(PR_SET_CHILD_SUBREAPER, 1); }
  ~TrialProcessTest() override {
    EXPECT_THAT(children_of(::getpid()), IsEmpty());
    ::prctl(PR_SET_CHILD_SUBREAPER, 0);
  }
};

TEST_F(TrialProcessTest, LinesArriveWholeAndTheEndIsReported) {
  TrialProcess process([](int output) {
    write_all(output, "one\ntw");
    write_all(output, "o\n" + std::string(200'000, 'x') + "\nrest");
    ::_exit(7);
  });
  EXPECT_THAT(all_lines(process), ElementsAre("one", "two", std::string(200'000, 'x')));
  EXPECT_EQ(WEXITSTATUS(process.end().status), 7);
}

TEST_F(TrialProcessTest, AGrandchildThatHoldsThePipeDelaysNothing) {
  TrialProcess process([](int output) {
    if (::fork() == 0) {
      ::setsid();  // out of the group as well
      for (;;) ::pause();
    }
    write_all(output, "result\n");
  });
  EXPECT_THAT(all_lines(process), ElementsAre("result"));
  EXPECT_EQ(process.end().status, 0);
  EXPECT_THAT(children_of(::getpid()), IsEmpty());
}

TEST_F(TrialProcessTest, EndingKillsTheGroupThoughItIsStopped) {
  TrialProcess process([](int output) {
    if (::fork() == 0) {
      for (;;) ::pause();
    }
    write_all(output, "ready\n");
    for (;;) ::pause();
  });
  std::vector<std::string> lines;
  while (lines.empty()) lines = process.lines(10);
  ::kill(process.id(), SIGSTOP);
  EXPECT_FALSE(process.ended());
  EXPECT_EQ(WTERMSIG(process.end().status), SIGKILL);
  EXPECT_TRUE(process.ended());
}

TEST_F(TrialProcessTest, AClosedPipeIsNoEnd) {
  TrialProcess process([](int output) {
    ::close(output);
    for (;;) ::pause();
  });
  for (int i = 0; i < 5; ++i) EXPECT_THAT(process.lines(10), IsEmpty());
  EXPECT_FALSE(process.ended());
}

TEST_F(TrialProcessTest, AMessageWithoutEndIsRefused) {
  TrialProcess process([](int output) {
    for (;;) write_all(output, std::string(1 << 20, 'x'));
  });
  EXPECT_THROW(
      {
        for (;;) (void)process.lines(10);
      },
      Error);
}

}  // namespace
}  // namespace gensynth::worker
