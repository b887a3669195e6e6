#include "search/command/shared/exit_code.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <new>
#include <system_error>

namespace gensynth::command::shared {

namespace {

constexpr std::size_t kLongestMessage = 4000;
constexpr std::size_t kShownAtEnd = 1000;  // what was expected stands there

/// A message may quote a name or a value of any size. It is cut between characters of UTF-8.
std::string shortened(const std::string& message) {
  if (message.size() <= kLongestMessage) return message;
  const auto is_inside = [&](std::size_t i) { return (static_cast<unsigned char>(message[i]) & 0xC0U) == 0x80U; };
  std::size_t head = kLongestMessage - kShownAtEnd;
  while (head > 0 && is_inside(head)) --head;
  std::size_t tail = message.size() - kShownAtEnd;
  while (tail < message.size() && is_inside(tail)) ++tail;
  return message.substr(0, head) + " ... (" + std::to_string(tail - head) + " bytes left out) ... " +
         message.substr(tail);
}

}  // namespace

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
  return failure;
}

std::string failure_text(const Failure& failure) {
  std::string text = "gensynth: " + shortened(failure.message) + "\n";
  if (failure.kind == ErrorKind::usage) {
    text += "`gensynth --help` and `gensynth COMMAND --help` list commands and options\n";
  }
  if (failure.kind == ErrorKind::internal) text += "this is a fault of gensynth: please report it\n";
  return text;
}

void finish_output() {
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
    throw Error(std::string("standard output cannot be written: ") + std::strerror(errno), ErrorKind::environment);
  }
}

}  // namespace gensynth::command::shared
