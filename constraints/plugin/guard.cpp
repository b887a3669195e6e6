#include "constraints/plugin/guard.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>

#include "architecture/base/error.hpp"
#include "architecture/base/process_tree.hpp"

namespace gensynth::plugin {
namespace {

// Commands to the guard, and what it reports.
constexpr char kStart = 's';
constexpr char kKill = 'k';
constexpr char kEnded = 'e';
constexpr char kFailed = 'f';

struct Report {
  char kind = 0;
  int number = 0;  ///< status of the helper, or errno
};

[[noreturn]] void fail(const std::string& call, int number) {
  throw Error(call + ": " + std::strerror(number), ErrorKind::environment);
}

void send_report(int control, Report report, int file) {
  iovec part = {&report, sizeof report};
  alignas(cmsghdr) char space[CMSG_SPACE(sizeof(int))] = {};
  msghdr message = {};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  if (file >= 0) {
    message.msg_control = space;
    message.msg_controllen = sizeof space;
    cmsghdr* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    std::memcpy(CMSG_DATA(header), &file, sizeof file);
  }
  (void)::sendmsg(control, &message, MSG_NOSIGNAL);
}

/// False when the guard has ended.
bool receive_report(int control, Report& report, int& file) {
  iovec part = {&report, sizeof report};
  alignas(cmsghdr) char space[CMSG_SPACE(sizeof(int))] = {};
  msghdr message = {};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = space;
  message.msg_controllen = sizeof space;
  ssize_t count = 0;
  do count = ::recvmsg(control, &message, MSG_CMSG_CLOEXEC);
  while (count < 0 && errno == EINTR);
  file = -1;
  if (const cmsghdr* header = CMSG_FIRSTHDR(&message); header != nullptr && header->cmsg_type == SCM_RIGHTS) {
    std::memcpy(&file, CMSG_DATA(header), sizeof file);
  }
  return count == static_cast<ssize_t>(sizeof report);
}

void default_signals() {
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGCHLD, SIGSEGV, SIGABRT}) signal(number, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
}

/// RLIMIT_DATA counts private memory that can be written.
void limit_memory(int mb) {
  std::ifstream file("/proc/self/statm");
  rlim_t size = 0, resident = 0, shared = 0, text = 0, library = 0, data = 0;
  if (!(file >> size >> resident >> shared >> text >> library >> data)) return;
  const rlim_t most = data * static_cast<rlim_t>(::sysconf(_SC_PAGESIZE)) + (static_cast<rlim_t>(mb) << 20);
  const rlimit limit = {most, most};
  (void)::setrlimit(RLIMIT_DATA, &limit);
}

[[noreturn]] void run_helper(int socket, const std::function<void(int)>& body, const Limits& limits) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  default_signals();
  limit_memory(limits.memory_mb);
  (void)std::setvbuf(stdout, nullptr, _IOLBF, 0);  // so that prints of a plugin appear however it ends
  // Registered last, so that it runs first: nothing that this process inherited is flushed or destroyed.
  (void)::on_exit([](int status, void*) { ::_exit(status); }, nullptr);
  body(socket);
  ::_exit(0);
}

/// The main loop of the guard process.
class Keeper {
 public:
  Keeper(int control, const std::function<void(int)>& body, const Limits& limits)
      : control_(control), body_(body), limits_(limits) {}

  [[noreturn]] void run() {
    sigset_t waiting;
    sigprocmask(SIG_SETMASK, nullptr, &waiting);
    sigset_t blocked = waiting;
    sigaddset(&blocked, SIGCHLD);
    sigprocmask(SIG_SETMASK, &blocked, nullptr);
    struct sigaction action = {};
    action.sa_handler = [](int) {};  // only so that it interrupts
    sigaction(SIGCHLD, &action, nullptr);
    for (;;) {
      reap();
      pollfd look = {control_, POLLIN, 0};
      if (::ppoll(&look, 1, nullptr, &waiting) < 0) continue;
      char command = 0;
      if (::recv(control_, &command, 1, 0) != 1) break;  // the process that it serves has ended
      if (command == kStart) start();
      if (command == kKill) kill_helper();
    }
    kill_helper();
    kill_stray_children({});
    ::_exit(0);
  }

 private:
  void start() {
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
      send_report(control_, {kFailed, errno}, -1);
      return;
    }
    helper_ = ::fork();
    if (helper_ == 0) {
      ::close(control_);
      ::close(ends[0]);
      run_helper(ends[1], body_, limits_);
    }
    const int reason = errno;
    ::close(ends[1]);
    if (helper_ < 0) {
      send_report(control_, {kFailed, reason}, -1);
    } else {
      ::setpgid(helper_, helper_);
      send_report(control_, {kStart, 0}, ends[0]);
    }
    ::close(ends[0]);
  }

  void kill_helper() const {
    if (helper_ <= 0) return;
    ::kill(-helper_, SIGKILL);
    ::kill(helper_, SIGKILL);
  }

  void reap() {
    int status = 0;
    for (pid_t ended = 0; (ended = ::waitpid(-1, &status, WNOHANG)) > 0;) {
      if (ended != helper_) continue;
      ::kill(-ended, SIGKILL);
      kill_stray_children({});
      helper_ = -1;
      send_report(control_, {kEnded, status}, -1);
    }
  }

  int control_;
  const std::function<void(int)>& body_;
  const Limits& limits_;
  pid_t helper_ = -1;
};

[[noreturn]] void run_guard(int control, const std::function<void(int)>& body, const Limits& limits) {
  ::setpgid(0, 0);  // Ctrl-C is for the program alone
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  default_signals();
  // Locks, databases and pipes of the program stay its own.
  if (control > 3) (void)::close_range(3, static_cast<unsigned>(control) - 1, 0);
  (void)::close_range(static_cast<unsigned>(control) + 1, ~0U, 0);
  if (const int nothing = ::open("/dev/null", O_RDONLY | O_CLOEXEC); nothing >= 0) ::dup2(nothing, STDIN_FILENO);
  ::dup2(STDERR_FILENO, STDOUT_FILENO);
  Keeper(control, body, limits).run();
}

}  // namespace

Guard::Guard(std::function<void(int)> body, const Limits& limits) : owner_(::getpid()) {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) fail("socketpair", errno);
  std::fflush(nullptr);  // the forked process must not write it a second time
  process_ = ::fork();
  if (process_ == 0) {
    ::close(ends[0]);
    run_guard(ends[1], body, limits);
  }
  const int reason = errno;
  ::close(ends[1]);
  control_ = ends[0];
  if (process_ < 0) {
    ::close(control_);
    fail("fork", reason);
  }
}

Guard::~Guard() {
  ::close(control_);  // on which the guard ends
  if (!is_of_this_process()) return;
  while (::waitpid(process_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

bool Guard::is_of_this_process() const { return owner_ == ::getpid(); }

int Guard::start() {
  (void)::send(control_, &kStart, 1, MSG_NOSIGNAL);
  Report report;
  int socket = -1;
  if (!receive_report(control_, report, socket)) throw Error("the plugin's guard has ended", ErrorKind::environment);
  if (report.kind != kStart || socket < 0) fail("fork", report.number);
  ::fcntl(socket, F_SETFL, O_NONBLOCK);
  return socket;
}

int Guard::wait(bool kill) {
  if (kill) (void)::send(control_, &kKill, 1, MSG_NOSIGNAL);
  Report report;
  int none = -1;
  if (!receive_report(control_, report, none)) throw Error("the plugin's guard has ended", ErrorKind::environment);
  return report.number;
}

std::string status_text(int status) {
  if (WIFSIGNALED(status)) {
    const int number = WTERMSIG(status);
    return "was ended by signal " + std::to_string(number) + " (" + strsignal(number) + ")";
  }
  return "ended with code " + std::to_string(WEXITSTATUS(status));
}

}  // namespace gensynth::plugin
