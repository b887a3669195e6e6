#include "search/executor/worker_pool.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "architecture/base/process_tree.hpp"
#include "architecture/base/temporary_folder.hpp"

namespace gensynth::executor {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// Pools whose workers are a shell script.
class WorkerPoolTest : public ::testing::Test {
 protected:
  WorkerPoolTest() { fs::create_directories(run_.workers()); }
  ~WorkerPoolTest() override { ::unsetenv("GENSYNTH_TORCH_PROGRAM"); }

  /// Each worker writes its process number to a file of its own, then does `what`.
  void workers_do(const std::string& what) {
    const std::string program = folder_.file("worker.sh");
    std::ofstream(program) << "#!/bin/sh\ntouch " << folder_.file("") << "started-$$\n" << what << "\n";
    fs::permissions(program, fs::perms::owner_all);
    ::setenv("GENSYNTH_TORCH_PROGRAM", program.c_str(), 1);
  }
  std::vector<pid_t> started() const {
    std::vector<pid_t> result;
    for (const auto& file : fs::directory_iterator(folder_.file(""))) {
      const std::string name = file.path().filename();
      if (name.starts_with("started-")) result.push_back(std::stoi(name.substr(8)));
    }
    return result;
  }
  static bool eventually(const std::function<bool()>& condition) {
    for (int i = 0; i < 2000; ++i) {
      if (condition()) return true;
      ::usleep(10'000);
    }
    return false;
  }
  static bool is_gone(pid_t process) {
    const char state = process_state(process);
    return state == '\0' || state == 'Z';
  }

  TemporaryFolder folder_{"pool"};
  run::RunFolder run_{folder_.file("run")};
};

TEST_F(WorkerPoolTest, ADeadWorkerIsNamedAndStartedAgainWithoutWhatItLeft) {
  const std::string grandchild = folder_.file("grandchild");
  workers_do("setsid sh -c 'echo $$ > " + grandchild + ".new; mv " + grandchild + ".new " + grandchild +
             "; exec sleep 100' &\nexec sleep 100");
  WorkerPool pool(run_, 1);
  ASSERT_TRUE(eventually([&] { return fs::exists(grandchild); }));
  pid_t left = 0;
  std::ifstream(grandchild) >> left;
  ::kill(started().front(), SIGKILL);
  std::vector<std::string> dead;
  ASSERT_TRUE(eventually([&] {
    dead = pool.poll();
    return !dead.empty();
  }));
  EXPECT_THAT(dead, ElementsAre("local-" + std::to_string(::getpid()) + "-0"));
  EXPECT_TRUE(eventually([&] { return is_gone(left); }));
  EXPECT_TRUE(eventually([&] {
    EXPECT_THAT(pool.poll(), IsEmpty());
    return started().size() == 2;
  }));
}

TEST_F(WorkerPoolTest, AStoppedWorkerIsReplacedByNameAndOthersAreNot) {
  workers_do("exec sleep 100");
  WorkerPool pool(run_, 2);
  ASSERT_TRUE(eventually([&] { return started().size() == 2; }));
  const std::vector<pid_t> first = started();
  for (const pid_t process : first) ::kill(process, SIGSTOP);
  pool.replace("somebody");
  EXPECT_EQ(pool.alive(), 2);
  pool.replace("local-" + std::to_string(::getpid()) + "-1");
  EXPECT_EQ(pool.alive(), 1);
  EXPECT_NE(is_gone(first[0]), is_gone(first[1]));
  EXPECT_TRUE(eventually([&] {
    EXPECT_THAT(pool.poll(), IsEmpty());
    return started().size() == 3;
  }));
  EXPECT_EQ(pool.alive(), 2);
  EXPECT_EQ(pool.quick_deaths(), 0);
}

TEST_F(WorkerPoolTest, StoppingKillsWorkersThatDoNotEnd) {
  workers_do("trap '' TERM\nsetsid sleep 100 &\nwhile true; do sleep 1; done");
  WorkerPool pool(run_, 1);
  ASSERT_TRUE(eventually([&] { return started().size() == 1; }));
  ::kill(started().front(), SIGSTOP);
  pool.stop(0.2);
  EXPECT_EQ(pool.alive(), 0);
  EXPECT_TRUE(is_gone(started().front()));
  EXPECT_EQ(kill_marked("GENSYNTH_WORKER=local-" + std::to_string(::getpid()) + "-0"), 0);
}

}  // namespace
}  // namespace gensynth::executor
