#include "architecture/base/process_tree.hpp"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <optional>
#include <set>
#include <sstream>

namespace gensynth {
namespace {

namespace fs = std::filesystem;

struct Stat {
  char state = 0;
  pid_t parent = 0;
};

/// "PID (NAME) STATE PARENT ...", where NAME may contain anything.
std::optional<Stat> read_stat(const fs::path& folder) {
  std::ifstream file(folder / "stat");
  std::string line;
  std::getline(file, line);
  const std::size_t name_end = line.rfind(')');
  if (name_end == std::string::npos) return std::nullopt;
  std::istringstream rest(line.substr(name_end + 1));
  Stat stat;
  if (!(rest >> stat.state >> stat.parent)) return std::nullopt;
  return stat;
}

fs::path proc(pid_t process) { return fs::path("/proc") / std::to_string(process); }

template <class Visit>
void each_process(Visit visit) {
  std::error_code error;
  for (fs::directory_iterator entry("/proc", error), end; !error && entry != end; entry.increment(error)) {
    const std::string name = entry->path().filename();
    pid_t process = 0;
    const auto [rest, bad] = std::from_chars(name.data(), name.data() + name.size(), process);
    if (bad == std::errc() && rest == name.data() + name.size()) visit(process);
  }
}

bool has_environment_entry(pid_t process, const std::string& entry) {
  std::ifstream file(proc(process) / "environ", std::ios::binary);
  for (std::string found; std::getline(file, found, '\0');) {
    if (found == entry) return true;
  }
  return false;
}

constexpr int kRounds = 100;  // a process that starts others faster than this is left to the system

}  // namespace

std::vector<pid_t> children_of(pid_t parent) {
  std::vector<pid_t> result;
  each_process([&](pid_t process) {
    const std::optional<Stat> stat = read_stat(proc(process));
    if (stat && stat->parent == parent) result.push_back(process);
  });
  return result;
}

char process_state(pid_t process) {
  const std::optional<Stat> stat = read_stat(proc(process));
  return stat ? stat->state : '\0';
}

double resident_mb(pid_t process) {
  std::ifstream in(proc(process) / "statm");
  long total = 0;
  long resident = 0;
  in >> total >> resident;
  return static_cast<double>(resident) * static_cast<double>(::sysconf(_SC_PAGESIZE)) / (1 << 20);
}

int kill_marked(const std::string& entry) {
  std::set<pid_t> killed;
  int empty_looks = 0;  // one may miss a process that just starts another program
  for (int round = 0; round < kRounds && empty_looks < 2; ++round) {
    bool any = false;
    each_process([&](pid_t process) {
      if (process == ::getpid() || !has_environment_entry(process, entry) || process_state(process) == 'Z') return;
      any = ::kill(process, SIGKILL) == 0 || any;
      killed.insert(process);
    });
    empty_looks = any ? 0 : empty_looks + 1;
    ::usleep(1000);
  }
  return static_cast<int>(killed.size());
}

void kill_stray_children(const std::vector<pid_t>& spared) {
  for (int round = 0; round < kRounds; ++round) {
    bool any = false;
    for (const pid_t child : children_of(::getpid())) {
      if (std::find(spared.begin(), spared.end(), child) != spared.end()) continue;
      any = true;
      ::kill(child, SIGKILL);
      int status = 0;
      while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
      }
    }
    if (!any) return;
  }
}

}  // namespace gensynth
