#include "search/companion/process.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "architecture/base/error.hpp"

extern char** environ;

namespace gensynth::companion {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> environment_with(int math_threads, const std::vector<std::string>& more = {}) {
  std::vector<std::string> result;
  const std::string count = std::to_string(math_threads);
  std::vector<std::string> ours = {"OMP_NUM_THREADS=" + count, "OPENBLAS_NUM_THREADS=" + count,
                                   "MKL_NUM_THREADS=" + count, "OMP_WAIT_POLICY=PASSIVE"};
  ours.insert(ours.end(), more.begin(), more.end());
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

std::string find_program(const std::string& name, const char* variable, const std::string& advice) {
  if (const char* given = std::getenv(variable); given != nullptr && *given != '\0') return given;
  std::error_code ignored;
  const fs::path self = fs::read_symlink("/proc/self/exe", ignored);
  for (const fs::path& candidate : {self.parent_path() / name, self.parent_path() / "../libexec/gensynth" / name}) {
    if (fs::exists(candidate)) return candidate.lexically_normal().string();
  }
  throw Error(name + " is not beside " + self.string() + "; " + advice + ", or set " + variable,
              ErrorKind::environment);
}

/// Attributes and file actions of posix_spawn, freed at the end.
class SpawnSettings {
 public:
  explicit SpawnSettings(const ProcessOptions& options) {
    posix_spawn_file_actions_init(&actions);
    const bool logged = !options.log.empty();
    if (logged) {
      posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
      posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, options.log.c_str(), O_WRONLY | O_CREAT | O_APPEND,
                                       0644);
    }
    if (options.output >= 0) {
      posix_spawn_file_actions_adddup2(&actions, options.output, STDOUT_FILENO);
    } else if (logged) {
      posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO);
    }
    posix_spawnattr_init(&attributes);
    sigset_t defaults;
    sigemptyset(&defaults);
    for (const int number : {SIGINT, SIGTERM, SIGPIPE}) sigaddset(&defaults, number);
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    posix_spawnattr_setpgroup(&attributes, 0);
    const bool own_group = logged || options.own_group;
    posix_spawnattr_setflags(&attributes,
                             static_cast<short>(POSIX_SPAWN_SETSIGDEF | (own_group ? POSIX_SPAWN_SETPGROUP : 0)));
  }
  ~SpawnSettings() {
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;

  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
};

}  // namespace

std::string torch_program() {
  return find_program("gensynth-torch", "GENSYNTH_TORCH_PROGRAM",
                      "it is the part of the program that trains; build target gensynth-torch");
}

std::string benchmark_program() {
  return find_program("gensynth-benchmark", "GENSYNTH_BENCHMARK_PROGRAM",
                      "it compares strategies and needs XGBoost: install libxgboost-dev, configure with "
                      "-DGENSYNTH_SIMULATION=ON and build target gensynth-benchmark");
}

pid_t start_process(const std::vector<std::string>& arguments, const ProcessOptions& options) {
  std::vector<std::string> argument_copy = arguments;
  std::vector<std::string> environment = environment_with(options.math_threads, options.environment);
  const SpawnSettings settings(options);
  pid_t process = -1;
  const int failed = posix_spawn(&process, arguments.front().c_str(), &settings.actions, &settings.attributes,
                                 pointers(argument_copy).data(), pointers(environment).data());
  if (failed != 0)
    throw Error(arguments.front() + ": cannot be started: " + std::strerror(failed), ErrorKind::environment);
  return process;
}

int wait_process(pid_t process) {
  int status = 0;
  while (::waitpid(process, &status, 0) < 0) {
    if (errno != EINTR) return 127;
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void replace_process(const std::vector<std::string>& arguments, int math_threads) {
  std::vector<std::string> argument_copy = arguments;
  std::vector<std::string> environment = environment_with(math_threads);
  ::execve(arguments.front().c_str(), pointers(argument_copy).data(), pointers(environment).data());
  throw Error(arguments.front() + ": cannot be started: " + std::strerror(errno), ErrorKind::environment);
}

}  // namespace gensynth::companion
