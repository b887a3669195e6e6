#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace gensynth {

/// Bad input or a failed operation. The message is complete for a user: it names the file, the place, the wrong value
/// and the expected one. Libraries throw it and never print, exit or abort. Expected outcomes (a rejected candidate, a
/// pruned trial) are values, not errors.
class Error : public std::runtime_error {
 public:
  explicit Error(const std::string& message) : std::runtime_error(message) {}
};

/// The entry of `known` with the smallest edit distance from `word`, ignoring case, or "" when no entry is a likely
/// spelling of it (the distance is over a third of the length, and over 2).
std::string nearest(std::string_view word, const std::vector<std::string>& known);

/// " (did you mean 'X'?)", or "" when `nearest` finds nothing.
std::string suggestion(std::string_view word, const std::vector<std::string>& known);

}  // namespace gensynth
