#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gensynth {

/// Who has to act on an error. The exit code of the programs follows from it (search/command/exit_code.hpp).
enum class ErrorKind {
  usage,        ///< the command line: a missing or contradictory option
  input,        ///< what a file, a job or an argument contains
  environment,  ///< the machine: a full disk, a broken database, a program or library that is missing
  internal      ///< a fault of gensynth: an invariant does not hold
};
const char* to_string(ErrorKind kind);

/// Bad input or a failed operation. The message is complete for a user: it names the file, the place, the wrong value
/// and the expected one. Libraries throw it and never print, exit or abort. Expected outcomes (a rejected candidate, a
/// pruned trial) are values, not errors.
class Error : public std::runtime_error {
 public:
  explicit Error(const std::string& message, ErrorKind kind = ErrorKind::input)
      : std::runtime_error(message), kind_(kind) {}

  ErrorKind kind() const { return kind_; }
  /// The same error, of the same kind, with the circumstances before its message: "CONTEXT: MESSAGE". Each level adds
  /// its own, so that the outermost is read first.
  Error with_context(const std::string& context) const { return Error(context + ": " + what(), kind_); }

 private:
  ErrorKind kind_;
};

/// Runs `body`; an Error from it is thrown on with `context`, for example "while reading trial 17".
template <typename Body>
decltype(auto) in_context(const std::string& context, Body&& body) {
  try {
    return std::forward<Body>(body)();
  } catch (const Error& error) {
    throw error.with_context(context);
  }
}

/// The kind of a failed system call by its errno: `input` where the path itself is wrong (there is no such file, it is
/// a folder, its name is too long), `environment` otherwise.
ErrorKind kind_of_errno(int number);

/// The entry of `known` with the smallest edit distance from `word`, ignoring case, or "" when no entry is a likely
/// spelling of it (the distance is over a third of the length, and over 2).
std::string nearest(std::string_view word, const std::vector<std::string>& known);

/// " (did you mean 'X'?)", or "" when `nearest` finds nothing.
std::string suggestion(std::string_view word, const std::vector<std::string>& known);

}  // namespace gensynth
