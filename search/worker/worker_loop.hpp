#pragma once

#include <functional>
#include <string>

#include "search/trial/trial.hpp"

namespace gensynth::worker {

struct WorkerOptions {
  std::string store;  ///< the run, as run::Run::open takes it
  std::string name;
  int parent = 0;             ///< process with which this one ends; 0 = none
  double lease_seconds = 30;  ///< renewed at a third of it
  bool once = false;          ///< ends when the queue is empty instead of waiting
};

/// Claims trials and evaluates each in a child forked from this warmed, single-threaded process: memory returns,
/// and a crash, a kill or a limit costs that trial only. Time and memory are watched from outside. Returns the exit
/// code: 0 when the queue is empty (with `once`) or a stop was requested; a trial in hand is then given back.
int run_worker(const WorkerOptions& options);

}  // namespace gensynth::worker
