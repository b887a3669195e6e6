#include "search/worker/trial_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "architecture/base/error.hpp"
#include "architecture/base/process_tree.hpp"

namespace gensynth::worker {
namespace {

constexpr std::size_t kLongestLine = std::size_t{64} << 20;

double cpu_seconds(const rusage& usage) {
  return static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         1e-6 * static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

[[noreturn]] void run_child(pid_t parent, int output, const std::function<void(int)>& body) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(1);
  signal(SIGINT, SIG_IGN);
  signal(SIGTERM, SIG_DFL);
  body(output);
  ::_exit(0);
}

}  // namespace

TrialProcess::TrialProcess(const std::function<void(int)>& body) : siblings_(children_of(::getpid())) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw Error(std::string("pipe: ") + std::strerror(errno), ErrorKind::environment);
  const pid_t parent = ::getpid();
  process_ = ::fork();
  if (process_ == 0) {
    ::close(ends[0]);
    run_child(parent, ends[1], body);
  }
  ::close(ends[1]);
  pipe_ = ends[0];
  if (process_ < 0) {
    const int reason = errno;
    ::close(pipe_);
    throw Error(std::string("fork: ") + std::strerror(reason), ErrorKind::environment);
  }
  ::setpgid(process_, process_);  // whichever of the two comes first
  ::fcntl(pipe_, F_SETFL, O_NONBLOCK);
}

TrialProcess::~TrialProcess() {
  (void)end();
  ::close(pipe_);
}

std::vector<std::string> TrialProcess::lines(int milliseconds) {
  std::vector<std::string> result;
  if (open_) {
    pollfd look = {pipe_, POLLIN, 0};
    (void)::poll(&look, 1, milliseconds);
    char buffer[65536];
    ssize_t count = 0;
    while ((count = ::read(pipe_, buffer, sizeof buffer)) > 0 && unread_.size() < kLongestLine) {
      unread_.append(buffer, static_cast<std::size_t>(count));
    }
    if (count == 0) open_ = false;
  } else {
    ::usleep(static_cast<useconds_t>(milliseconds) * 1000);
  }
  std::size_t begin = 0;
  for (std::size_t end = 0; (end = unread_.find('\n', begin)) != std::string::npos; begin = end + 1) {
    result.push_back(unread_.substr(begin, end - begin));
  }
  unread_.erase(0, begin);
  if (unread_.size() >= kLongestLine) throw Error("the trial's process wrote a message without end");
  return result;
}

bool TrialProcess::ended() const {
  if (process_ < 0) return true;
  siginfo_t info = {};
  return ::waitid(P_PID, static_cast<id_t>(process_), &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid != 0;
}

ProcessEnd TrialProcess::end() {
  if (process_ < 0) return {};
  ::kill(-process_, SIGKILL);
  ::kill(process_, SIGKILL);  // in case that it left its group
  ProcessEnd result;
  rusage usage = {};
  while (::wait4(process_, &result.status, 0, &usage) < 0 && errno == EINTR) {
  }
  ::kill(-process_, SIGKILL);  // members that joined in the meantime
  process_ = -1;
  kill_stray_children(siblings_);
  result.cpu_seconds = cpu_seconds(usage);
  return result;
}

void write_all(int output, const std::string& text) {
  std::size_t sent = 0;
  while (sent < text.size()) {
    const ssize_t written = ::write(output, text.data() + sent, text.size() - sent);
    if (written < 0 && errno != EINTR) ::_exit(1);  // nobody listens any more
    if (written > 0) sent += static_cast<std::size_t>(written);
  }
}

}  // namespace gensynth::worker
