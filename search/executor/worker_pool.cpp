#include "search/executor/worker_pool.hpp"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <thread>

#include "architecture/base/clock.hpp"
#include "architecture/base/process_tree.hpp"
#include "search/companion/messages.hpp"
#include "search/companion/process.hpp"
#include "search/store/store.hpp"

namespace gensynth::executor {
namespace {

constexpr double kQuickDeathSeconds = 5;
constexpr double kLookSeconds = 1;
constexpr double kStoppedSeconds = 30;

/// The environment variable by which a worker and all processes that it starts are recognised.
std::string mark(const std::string& worker) { return "GENSYNTH_WORKER=" + worker; }

}  // namespace

WorkerPool::WorkerPool(const run::RunFolder& run, int count) : run_(run), workers_(static_cast<std::size_t>(count)) {
  for (int i = 0; i < count; ++i) start(workers_[static_cast<std::size_t>(i)], i);
}

WorkerPool::~WorkerPool() { stop(); }

void WorkerPool::start(Worker& worker, int index) {
  worker.name = kLocalWorker + std::to_string(::getpid()) + "-" + std::to_string(index);
  companion::WorkerRequest request;
  request.store = run_.database();
  request.name = worker.name;
  request.parent = ::getpid();
  companion::ProcessOptions options;
  options.log = run_.worker_log(index);
  options.environment = {mark(worker.name)};
  worker.process = companion::start_process({companion::torch_program(), "worker", to_json(request).dump()}, options);
  worker.started = now_seconds();
  worker.stopped_since = 0;
}

void WorkerPool::end(Worker& worker) {
  ::kill(-worker.process, SIGKILL);
  (void)companion::wait_process(worker.process);
  worker.process = -1;
  (void)kill_marked(mark(worker.name));
}

void WorkerPool::replace(const std::string& name) {
  for (Worker& worker : workers_) {
    if (worker.name == name && worker.process > 0) end(worker);
  }
}

/// A stopped worker without a trial has no lease that could run out.
void WorkerPool::end_stopped() {
  if (now_seconds() - looked_ < kLookSeconds) return;
  const double since_last = now_seconds() - looked_;
  looked_ = now_seconds();
  for (Worker& worker : workers_) {
    if (worker.process <= 0) continue;
    const bool stopped = process_state(worker.process) == 'T';
    // After a pause of this process too, the time counts from its end.
    if (!stopped || worker.stopped_since == 0 || since_last > kStoppedSeconds) {
      worker.stopped_since = stopped ? now_seconds() : 0;
    } else if (now_seconds() - worker.stopped_since > kStoppedSeconds) {
      ::kill(-worker.process, SIGKILL);  // `poll` finds it dead
    }
  }
}

std::vector<std::string> WorkerPool::poll() {
  std::vector<std::string> dead;
  end_stopped();
  for (std::size_t i = 0; i < workers_.size(); ++i) {
    Worker& worker = workers_[i];
    int status = 0;
    if (worker.process > 0 && ::waitpid(worker.process, &status, WNOHANG) == worker.process) {
      const bool quick = now_seconds() - worker.started < kQuickDeathSeconds;
      quick_deaths_ = quick ? quick_deaths_ + 1 : 0;
      dead.push_back(worker.name);
      worker.process = -1;
      (void)kill_marked(mark(worker.name));
      worker.not_before = now_seconds() + (quick ? 1.0 : 0.0);
    }
    if (worker.process < 0 && now_seconds() >= worker.not_before) start(worker, static_cast<int>(i));
  }
  return dead;
}

void WorkerPool::stop(double seconds) {
  for (const Worker& worker : workers_) {
    if (worker.process > 0) ::kill(worker.process, SIGTERM);
  }
  const double deadline = now_seconds() + seconds;
  for (Worker& worker : workers_) {
    while (worker.process > 0) {
      int status = 0;
      if (::waitpid(worker.process, &status, WNOHANG) != 0) {
        worker.process = -1;
      } else if (now_seconds() > deadline) {
        end(worker);
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
