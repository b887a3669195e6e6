#include "search/executor/worker_pool.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <thread>

#include "architecture/base/error.hpp"
#include "search/store/store.hpp"

extern char** environ;

namespace gensynth::executor {
namespace fs = std::filesystem;
namespace {

constexpr double kQuickDeathSeconds = 5;

std::vector<std::string> environment_with(int math_threads) {
  std::vector<std::string> result;
  const std::string count = std::to_string(math_threads);
  const std::vector<std::string> ours = {"OMP_NUM_THREADS=" + count, "OPENBLAS_NUM_THREADS=" + count,
                                         "MKL_NUM_THREADS=" + count, "OMP_WAIT_POLICY=PASSIVE"};
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    bool replaced = false;
    for (const std::string& own : ours) {
      replaced = replaced || text.compare(0, own.find('=') + 1, own, 0, own.find('=') + 1) == 0;
    }
    if (!replaced) result.push_back(text);
  }
  result.insert(result.end(), ours.begin(), ours.end());
  return result;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (std::string& text : texts) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

}  // namespace

std::string companion_program() {
  if (const char* given = std::getenv("GENSYNTH_TORCH_PROGRAM"); given != nullptr && *given != '\0') return given;
  std::error_code ignored;
  const fs::path self = fs::read_symlink("/proc/self/exe", ignored);
  for (const fs::path& candidate :
       {self.parent_path() / "gensynth-torch", self.parent_path() / "../libexec/gensynth/gensynth-torch"}) {
    if (fs::exists(candidate)) return candidate.lexically_normal().string();
  }
  throw Error("gensynth-torch (the part of the program that trains) is not beside " + self.string() +
              "; build target gensynth-torch, or set GENSYNTH_TORCH_PROGRAM");
}

pid_t start_process(const std::vector<std::string>& arguments, const std::string& log, int math_threads) {
  std::vector<std::string> argument_copy = arguments;
  std::vector<std::string> environment = environment_with(math_threads);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  if (!log.empty()) {
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
    posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
  }
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t defaults;
  sigemptyset(&defaults);
  for (const int number : {SIGINT, SIGTERM, SIGPIPE}) sigaddset(&defaults, number);
  posix_spawnattr_setsigdefault(&attributes, &defaults);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes,
                           static_cast<short>(POSIX_SPAWN_SETSIGDEF | (log.empty() ? 0 : POSIX_SPAWN_SETPGROUP)));
  pid_t process = -1;
  const int failed = posix_spawn(&process, arguments.front().c_str(), &actions, &attributes,
                                 pointers(argument_copy).data(), pointers(environment).data());
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  if (failed != 0) throw Error(arguments.front() + ": cannot be started: " + std::strerror(failed));
  return process;
}

int wait_process(pid_t process) {
  int status = 0;
  while (::waitpid(process, &status, 0) < 0) {
    if (errno != EINTR) return 127;
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

WorkerPool::WorkerPool(const run::RunFolder& run, int count) : run_(run), workers_(static_cast<std::size_t>(count)) {
  for (int i = 0; i < count; ++i) start(workers_[static_cast<std::size_t>(i)], i);
}

WorkerPool::~WorkerPool() { stop(); }

void WorkerPool::start(Worker& worker, int index) {
  worker.name = kLocalWorker + std::to_string(::getpid()) + "-" + std::to_string(index);
  const nlohmann::json request = {{"store", run_.database()}, {"name", worker.name}, {"parent", ::getpid()}};
  worker.process = start_process({companion_program(), "worker", request.dump()}, run_.worker_log(index));
  worker.started = store::now_seconds();
}

std::vector<std::string> WorkerPool::tend() {
  std::vector<std::string> dead;
  for (std::size_t i = 0; i < workers_.size(); ++i) {
    Worker& worker = workers_[i];
    int status = 0;
    if (worker.process > 0 && ::waitpid(worker.process, &status, WNOHANG) == worker.process) {
      const bool quick = store::now_seconds() - worker.started < kQuickDeathSeconds;
      quick_deaths_ = quick ? quick_deaths_ + 1 : 0;
      dead.push_back(worker.name);
      worker.process = -1;
      worker.not_before = store::now_seconds() + (quick ? 1.0 : 0.0);
    }
    if (worker.process < 0 && store::now_seconds() >= worker.not_before) start(worker, static_cast<int>(i));
  }
  return dead;
}

void WorkerPool::stop(double seconds) {
  for (const Worker& worker : workers_) {
    if (worker.process > 0) ::kill(worker.process, SIGTERM);
  }
  const double deadline = store::now_seconds() + seconds;
  for (Worker& worker : workers_) {
    while (worker.process > 0) {
      int status = 0;
      if (::waitpid(worker.process, &status, WNOHANG) != 0) {
        worker.process = -1;
      } else if (store::now_seconds() > deadline) {
        ::kill(-worker.process, SIGKILL);
        (void)wait_process(worker.process);
        worker.process = -1;
      } else {
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
      }
    }
  }
}

int WorkerPool::alive() const {
  int count = 0;
  for (const Worker& worker : workers_) count += worker.process > 0 ? 1 : 0;
  return count;
}

}  // namespace gensynth::executor
