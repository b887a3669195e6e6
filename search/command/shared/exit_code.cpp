#include "search/command/shared/exit_code.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <new>
#include <system_error>

namespace gensynth::command::shared {

ExitCode exit_code_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::usage:
    case ErrorKind::input:
      return kBadInput;
    case ErrorKind::environment:
      return kEnvironment;
    case ErrorKind::internal:
      break;
  }
  return kInternal;
}

Failure failure_of(const std::exception& error) {
  Failure failure{ErrorKind::internal, error.what()};
  if (const auto* own = dynamic_cast<const Error*>(&error)) {
    failure.kind = own->kind();
  } else if (const auto* system = dynamic_cast<const std::system_error*>(&error)) {  // files of the standard library
    failure.kind = kind_of_errno(system->code().value());
  } else if (dynamic_cast<const std::bad_alloc*>(&error) != nullptr) {
    failure = {ErrorKind::environment, "not enough memory"};
  }
  if (failure.kind == ErrorKind::internal) failure.message += " (internal error: this is a fault of gensynth)";
  return failure;
}

void finish_output() {
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
    throw Error(std::string("standard output cannot be written: ") + std::strerror(errno), ErrorKind::environment);
  }
}

}  // namespace gensynth::command::shared
