#include "search/worker/worker_loop.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <thread>

#include "architecture/base/clock.hpp"
#include "architecture/base/error.hpp"
#include "runtime/probe/warm_up.hpp"
#include "runtime/torch/network.hpp"
#include "search/loop/signals.hpp"
#include "search/run/run.hpp"
#include "search/trial/trial_record.hpp"
#include "search/worker/evaluation.hpp"

namespace gensynth::worker {
namespace {

using nlohmann::json;

/// Resident memory of a process in MiB, from outside: a limit inside (RLIMIT_AS) makes OpenBLAS spin for ever.
double resident_mb(pid_t process) {
  std::ifstream in("/proc/" + std::to_string(process) + "/statm");
  long total = 0;
  long resident = 0;
  in >> total >> resident;
  return static_cast<double>(resident) * static_cast<double>(::sysconf(_SC_PAGESIZE)) / (1 << 20);
}

void write_all(int file, const std::string& text) {
  std::size_t sent = 0;
  while (sent < text.size()) {
    const ssize_t written = ::write(file, text.data() + sent, text.size() - sent);
    if (written < 0 && errno != EINTR) ::_exit(1);  // nobody listens any more
    if (written > 0) sent += static_cast<std::size_t>(written);
  }
}

double cpu_seconds(const rusage& usage) {
  return static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         1e-6 * static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

class Worker {
 public:
  explicit Worker(const WorkerOptions& options)
      : options_(options),
        run_(run::Run::open(options.store, run::RunMode::work)),
        queue_(run_.store()),
        job_(run_.job()) {
    (void)run_.context();  // made once, before any fork
    if (job_.proxy.enabled) data_.emplace(data::Dataset::open(job_.data, run_.folder().cache()));
    libtorch::set_up_torch_process();
    probe::warm_up_before_fork();
  }

  int run() {
    while (!loop::stop_requested()) {
      std::optional<trial::Trial> trial = queue_.claim(options_.name, options_.lease_seconds);
      if (trial) {
        std::printf("trial %lld, attempt %d\n", static_cast<long long>(trial->id), trial->attempt);
        std::fflush(stdout);
        supervise(std::move(*trial));
      } else if (options_.once) {
        return 0;
      } else {
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
      }
      if (options_.parent != 0 && ::getppid() != options_.parent) return 0;
    }
    return 0;
  }

 private:
  [[noreturn]] void child(trial::Trial trial, int pipe) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    signal(SIGINT, SIG_IGN);
    signal(SIGTERM, SIG_DFL);
    std::string error;
    try {
      // A copy goes in: what fails is reported with all that was known of it.
      trial =
          evaluate_trial(trial, job_, run_.context(), data_ ? &*data_ : nullptr, run_.folder(),
                         [&](const trial::Trial& so_far) { write_all(pipe, trial::trial_message("rung", so_far)); });
    } catch (const std::exception& failure) {
      error = failure.what();
    }
    if (!error.empty()) {
      trial.state = trial::TrialState::failed;
      trial.reason = error;
      trial.feasible = false;
      trial.u.reset();
    }
    write_all(pipe, trial::trial_message("result", trial));
    ::_exit(0);
  }

  void supervise(trial::Trial trial) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) throw Error(std::string("pipe: ") + std::strerror(errno));
    const double started = now_seconds();
    const pid_t process = ::fork();
    if (process < 0) throw Error(std::string("fork: ") + std::strerror(errno));
    if (process == 0) {
      ::close(ends[0]);
      child(std::move(trial), ends[1]);
    }
    ::close(ends[1]);
    Watch watch{process, ends[0], started, started, {}, {}, {}};
    while (watch_once(watch, trial)) {
    }
    ::close(ends[0]);
    int status = 0;
    rusage usage = {};
    while (::wait4(process, &status, 0, &usage) < 0 && errno == EINTR) {
    }
    conclude(trial, watch, status, usage);
  }

  struct Watch {
    pid_t process;
    int pipe;
    double started;
    double beaten;  // last heartbeat
    std::string unread;
    std::optional<trial::Trial> result;
    std::string killed;  // why we ended it: "time", "memory", "stop", "fenced", "damaged"
  };

  void end(Watch& watch, const char* why) {
    watch.killed = why;
    ::kill(watch.process, SIGKILL);
  }

  /// One look at the child; false when its pipe is closed.
  bool watch_once(Watch& watch, trial::Trial& trial) {
    pollfd look = {watch.pipe, POLLIN, 0};
    const int ready = ::poll(&look, 1, 50);
    if (ready > 0) {
      char buffer[65536];
      const ssize_t count = ::read(watch.pipe, buffer, sizeof buffer);
      if (count == 0) return false;
      if (count > 0) {
        watch.unread.append(buffer, static_cast<std::size_t>(count));
        take_lines(watch, trial);
      }
    }
    if (!watch.killed.empty()) return true;
    const double now = now_seconds();
    if (loop::stop_requested() || (options_.parent != 0 && ::getppid() != options_.parent)) {
      end(watch, "stop");
    } else if (now - watch.started > 60 * job_.budget.trial_minutes) {
      end(watch, "time");
    } else if (resident_mb(watch.process) > job_.budget.trial_memory_mb) {
      end(watch, "memory");
    } else if (now - watch.beaten > options_.lease_seconds / 3) {
      watch.beaten = now;
      if (!queue_.heartbeat(trial, options_.lease_seconds)) end(watch, "fenced");
    }
    return true;
  }

  void take_lines(Watch& watch, trial::Trial& trial) {
    std::size_t end_of_line = 0;
    while ((end_of_line = watch.unread.find('\n')) != std::string::npos) {
      const std::string line = watch.unread.substr(0, end_of_line);
      watch.unread.erase(0, end_of_line + 1);
      trial::Trial heard = trial;
      std::string kind;
      try {
        kind = trial::read_trial_message(line, heard);
      } catch (const Error& error) {  // a number that is none, say: costs this trial, not the worker
        watch.result = trial;
        watch.result->state = trial::TrialState::failed;
        watch.result->reason = error.what();
        end(watch, "damaged");
        return;
      }
      if (kind == "result") {
        watch.result = std::move(heard);
      } else {
        if (!queue_.report_rung(heard, heard.rungs.back())) end(watch, "fenced");
        trial.rungs = heard.rungs;
      }
    }
  }

  void conclude(trial::Trial& trial, const Watch& watch, int status, const rusage& usage) {
    if (watch.killed == "fenced") return;
    if (watch.killed == "stop") {
      (void)queue_.release(trial, "the worker was asked to stop");
      return;
    }
    if (watch.result) {
      trial = *watch.result;
    } else {
      trial.state = trial::TrialState::failed;
      trial.reason = failure(watch, status);
    }
    trial.core_seconds = cpu_seconds(usage);
    (void)queue_.finish(trial);
  }

  std::string failure(const Watch& watch, int status) const {
    if (watch.killed == "time") {
      return "took longer than " + std::to_string(job_.budget.trial_minutes) + " minutes (budget.trial_minutes)";
    }
    if (watch.killed == "memory") {
      return "took more than " + std::to_string(job_.budget.trial_memory_mb) + " MiB (budget.trial_memory_mb)";
    }
    if (WIFSIGNALED(status)) {
      const int number = WTERMSIG(status);
      return std::string("its process was ended by signal ") + std::to_string(number) + " (" + strsignal(number) + ")" +
             (number == SIGKILL ? ", perhaps for lack of memory" : "");
    }
    return "its process ended with code " + std::to_string(WEXITSTATUS(status)) + " and no result";
  }

  WorkerOptions options_;
  run::Run run_;
  store::TrialQueue& queue_;
  const job::Job& job_;
  std::optional<data::Dataset> data_;
};

}  // namespace

int run_worker(const WorkerOptions& options) {
  loop::catch_stop_signals();
  if (options.parent != 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (::getppid() != options.parent) return 0;
  }
  return Worker(options).run();
}

}  // namespace gensynth::worker
