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

/// An exception that reached `main`.
struct Failure {
  ErrorKind kind = ErrorKind::internal;
  std::string message;
};
Failure failure_of(const std::exception& error);
/// Lines for standard error: "gensynth: MESSAGE", and what to do next.
std::string failure_text(const Failure& failure);

/// Flushes standard output. Throws Error (environment) if the output could not be written, for example to a full disk.
/// A closed pipe ends the program by SIGPIPE.
void finish_output();

}  // namespace gensynth::command::shared
