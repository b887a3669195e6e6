#pragma once

#include "search/run/run_folder.hpp"

namespace gensynth::run {

/// Held by the coordinator of a run as long as it lives. Throws Error when another process holds it; never waits.
class RunLock {
 public:
  explicit RunLock(const RunFolder& run);
  ~RunLock();
  RunLock(const RunLock&) = delete;
  RunLock& operator=(const RunLock&) = delete;

 private:
  int file_ = -1;
};

}  // namespace gensynth::run
