#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "search/run/run_folder.hpp"

namespace gensynth::executor {

/// The names of workers that a coordinator started begin with this.
constexpr const char* kLocalWorker = "local-";

/// The worker processes of one coordinator. A worker that dies, or stays stopped by a signal for longer than a lease,
/// is ended with all that it started and started again, at a growing distance.
class WorkerPool {
 public:
  WorkerPool(const run::RunFolder& run, int count);
  ~WorkerPool();  ///< stops
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  /// Names of workers found dead since the last call; they are being started again.
  std::vector<std::string> poll();
  /// Kills the worker of this name, if it is one of these, with all that it started; the next `poll` starts another.
  void replace(const std::string& name);
  /// Asks all to give back their trials and waits; after `seconds` they are killed.
  void stop(double seconds = 10);
  int alive() const;
  /// Workers that died soon after they were started, in a row: over a few, something is wrong with all of them.
  int quick_deaths() const { return quick_deaths_; }

 private:
  struct Worker {
    pid_t process = -1;
    std::string name;
    double started = 0;
    double not_before = 0;
    double stopped_since = 0;  ///< 0: it was not found stopped
  };
  void start(Worker& worker, int index);
  /// Kills it and what it left, and waits.
  void end(Worker& worker);
  void end_stopped();

  run::RunFolder run_;
  std::vector<Worker> workers_;
  int quick_deaths_ = 0;
  double looked_ = 0;  ///< for stopped workers
};

}  // namespace gensynth::executor
