#pragma once

#include <chrono>

namespace gensynth {

/// Wall-clock time in seconds since the epoch, comparable between machines whose clocks agree.
inline double now_seconds() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

}  // namespace gensynth
