#pragma once

#include <exception>
#include <string>

#include "architecture/base/error.hpp"

namespace gensynth::command::shared {

/// Exit codes of gensynth and gensynth-torch (docs/cli.md). 70 and 75 are EX_SOFTWARE and EX_TEMPFAIL of sysexits.h.
enum ExitCode {
  kDone = 0,
  kNo = 1,            ///< the answer is no
  kBadInput = 2,      ///< ErrorKind::usage and ErrorKind::input
  kTrialsFailed = 3,  ///< finished, but trials failed
  kEnvironment = 4,
  kInternal = 70,
  kStopped = 75  ///< by a signal; can be resumed
};

/// The one place where exit codes follow from errors.
ExitCode exit_code_of(ErrorKind kind);

/// How a program ends with an exception that reached `main`.
struct Failure {
  ErrorKind kind = ErrorKind::internal;
  std::string message;  ///< for standard error, without the program's name
};
Failure failure_of(const std::exception& error);

/// Flushes standard output. Throws Error (environment) when what was printed did not arrive, on a full disk for
/// example. A pipe that nobody reads ends the program by SIGPIPE.
void finish_output();

}  // namespace gensynth::command::shared
