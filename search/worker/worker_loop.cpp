#include "search/worker/worker_loop.hpp"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <optional>
#include <thread>

#include "architecture/base/clock.hpp"
#include "architecture/base/error.hpp"
#include "architecture/base/process_tree.hpp"
#include "runtime/probe/warm_up.hpp"
#include "runtime/torch/network.hpp"
#include "search/loop/signals.hpp"
#include "search/run/run.hpp"
#include "search/trial/trial_record.hpp"
#include "search/worker/evaluation.hpp"
#include "search/worker/trial_process.hpp"

namespace gensynth::worker {
namespace {

constexpr int kLookMilliseconds = 50;

/// Signals that come from outside a trial: the kernel for lack of memory, an administrator, a batch system. Those that
/// a fault of the trial raises (SIGSEGV, SIGABRT, SIGFPE...) would come again.
bool is_from_outside(int number) {
  return number == SIGKILL || number == SIGTERM || number == SIGINT || number == SIGHUP || number == SIGQUIT;
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
  /// In the child: evaluates the trial and reports by messages.
  void evaluate(trial::Trial trial, int pipe) {
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
  }

  /// Why the watch over a child ended before there was a result.
  enum class Cut { none, stop, fenced, time, memory };

  void supervise(trial::Trial trial) {
    TrialProcess process([&](int pipe) { evaluate(trial, pipe); });
    const double started = now_seconds();
    double beaten = started;  // last heartbeat
    std::optional<trial::Trial> result;
    Cut cut = Cut::none;
    while (!result && cut == Cut::none) {
      const bool ended = process.ended();  // asked first: what it wrote before is read after
      cut = take_lines(process, trial, result);
      if (ended || cut != Cut::none) break;
      const double now = now_seconds();
      if (loop::stop_requested() || (options_.parent != 0 && ::getppid() != options_.parent)) {
        cut = Cut::stop;
      } else if (now - started > 60 * job_.budget.trial_minutes) {
        cut = Cut::time;
      } else if (resident_mb(process.id()) > job_.budget.trial_memory_mb) {
        cut = Cut::memory;  // a limit inside (RLIMIT_AS) makes OpenBLAS spin for ever
      } else if (now - beaten > options_.lease_seconds / 3) {
        beaten = now;
        if (!queue_.heartbeat(trial, options_.lease_seconds)) cut = Cut::fenced;
      }
    }
    const ProcessEnd end = process.end();
    trial.core_seconds = end.cpu_seconds;
    conclude(trial, result, cut, end.status);
  }

  Cut take_lines(TrialProcess& process, trial::Trial& trial, std::optional<trial::Trial>& result) {
    try {
      for (const std::string& line : process.lines(kLookMilliseconds)) {
        trial::Trial heard = trial;
        if (trial::read_trial_message(line, heard) == "result") {
          result = std::move(heard);
          return Cut::none;
        }
        if (!queue_.report_rung(heard, heard.rungs.back())) return Cut::fenced;
        trial.rungs = heard.rungs;
      }
    } catch (const Error& error) {  // a number that is none, say: costs this trial, not the worker
      if (error.kind() == ErrorKind::environment) throw;
      result = trial;
      result->state = trial::TrialState::failed;
      result->reason = error.what();
    }
    return Cut::none;
  }

  void conclude(trial::Trial& trial, const std::optional<trial::Trial>& result, Cut cut, int status) {
    if (cut == Cut::fenced) return;
    if (cut == Cut::stop) {
      (void)queue_.release(trial, "the worker was asked to stop");
      return;
    }
    if (!result && cut == Cut::none && WIFSIGNALED(status) && is_from_outside(WTERMSIG(status))) {
      (void)queue_.lose(trial, failure(cut, status));
      return;
    }
    if (result) {
      const double core_seconds = trial.core_seconds;
      trial = *result;
      trial.core_seconds = core_seconds;
    } else {
      trial.state = trial::TrialState::failed;
      trial.reason = failure(cut, status);
    }
    (void)queue_.finish(trial);
  }

  std::string failure(Cut cut, int status) const {
    if (cut == Cut::time) {
      return "took longer than " + std::to_string(job_.budget.trial_minutes) + " minutes (budget.trial_minutes)";
    }
    if (cut == Cut::memory) {
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
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);  // what a trial leaves behind is killed with it
  if (options.parent != 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (::getppid() != options.parent) return 0;
  }
  return Worker(options).run();
}

}  // namespace gensynth::worker
