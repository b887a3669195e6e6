#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace gensynth::companion {

/// The program that links LibTorch: GENSYNTH_TORCH_PROGRAM, or gensynth-torch beside this program or in
/// ../libexec/gensynth. Throws Error when it does not exist.
std::string torch_program();
/// The program that benchmarks strategies, searched for in the same places, GENSYNTH_BENCHMARK_PROGRAM first. Throws
/// Error with how to build it.
std::string benchmark_program();

struct ProcessOptions {
  int math_threads = 1;    ///< set in the environment before exec: later it has no effect on BLAS
  std::string log;         ///< standard output and error are appended to this file, unless empty
  int output = -1;         ///< file descriptor that becomes standard output, instead of `log`
  bool own_group = false;  ///< Ctrl-C does not reach the process; always so with a log
};

/// Starts a program (a path, then its arguments). Throws Error when that fails.
pid_t start_process(const std::vector<std::string>& arguments, const ProcessOptions& options);

/// Waits; exit status, or 128 + signal.
int wait_process(pid_t process);

/// Runs a program in place of this one. Returns only by throwing Error.
[[noreturn]] void replace_process(const std::vector<std::string>& arguments, int math_threads = 1);

}  // namespace gensynth::companion
