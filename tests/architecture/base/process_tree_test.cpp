#include "architecture/base/process_tree.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace gensynth {
namespace {

/// Runs a shell command with one variable more in its environment.
pid_t start(const std::string& command, std::string entry) {
  std::string shell = "/bin/sh", option = "-c", text = command, path = "PATH=/usr/bin:/bin";
  char* arguments[] = {shell.data(), option.data(), text.data(), nullptr};
  char* environment[] = {path.data(), entry.data(), nullptr};
  pid_t process = -1;
  EXPECT_EQ(posix_spawn(&process, "/bin/sh", nullptr, nullptr, arguments, environment), 0);
  return process;
}

template <class Condition>
bool eventually(Condition condition) {
  for (int i = 0; i < 1000; ++i) {
    if (condition()) return true;
    ::usleep(10'000);
  }
  return false;
}

int status_of(pid_t process) {
  int status = 0;
  ::waitpid(process, &status, 0);
  return status;
}

TEST(ProcessTree, StatesAndChildren) {
  const pid_t child = start("sleep 100", "A=b");
  EXPECT_THAT(children_of(::getpid()), ::testing::Contains(child));
  EXPECT_GT(resident_mb(child), 0);
  ::kill(child, SIGSTOP);
  EXPECT_TRUE(eventually([&] { return process_state(child) == 'T'; }));
  ::kill(child, SIGKILL);
  EXPECT_TRUE(eventually([&] { return process_state(child) == 'Z'; }));
  EXPECT_TRUE(WIFSIGNALED(status_of(child)));
  EXPECT_EQ(process_state(child), '\0');
  EXPECT_EQ(resident_mb(child), 0);
}

TEST(ProcessTree, MarkedProcessesAreKilledWithWhatTheyStarted) {
  const std::string mark = "GENSYNTH_TEST_MARK=" + std::to_string(::getpid());
  const pid_t other = start("exec sleep 100", mark + "0");
  // One in a session of its own, whose parent has ended; and one that is stopped.
  const pid_t parent = start("setsid sleep 100 & exit 0", mark);
  (void)status_of(parent);
  const pid_t stopped = start("exec sleep 100", mark);
  ::kill(stopped, SIGSTOP);
  EXPECT_EQ(kill_marked(mark), 2);
  EXPECT_EQ(kill_marked(mark), 0);
  EXPECT_EQ(WTERMSIG(status_of(stopped)), SIGKILL);
  EXPECT_NE(process_state(other), 'Z');
  ::kill(other, SIGKILL);
  (void)status_of(other);
}

TEST(ProcessTree, StrayChildrenAreKilledAndOthersSpared) {
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  const pid_t spared = start("exec sleep 100", "A=b");
  const pid_t parent = start("setsid sleep 100 & setsid sleep 100 & exit 0", "A=b");
  (void)status_of(parent);
  EXPECT_TRUE(eventually([&] { return children_of(::getpid()).size() == 3; }));
  kill_stray_children({spared});
  EXPECT_THAT(children_of(::getpid()), ::testing::ElementsAre(spared));
  kill_stray_children({});
  EXPECT_THAT(children_of(::getpid()), ::testing::IsEmpty());
  ::prctl(PR_SET_CHILD_SUBREAPER, 0);
}

}  // namespace
}  // namespace gensynth
