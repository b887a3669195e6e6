#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace gensynth {

/// Bad input or a failed operation that the caller can report. The message is complete for a user: it
/// names the file, the place, the offending value and what was expected. Libraries throw it and never
/// print, exit or abort. Expected outcomes (a rejected candidate, a pruned trial) are values, not errors.
class Error : public std::runtime_error {
 public:
  explicit Error(const std::string& message) : std::runtime_error(message) {}
};

/// The entry of `known` nearest to `word` by edit distance (of letters, whatever their case), or "" when nothing is
/// near enough to be a likely misspelling (distance over a third of the length, at least 2).
std::string nearest(std::string_view word, const std::vector<std::string>& known);

/// " (did you mean 'X'?)", or "" when `nearest` finds nothing.
std::string suggestion(std::string_view word, const std::vector<std::string>& known);

}  // namespace gensynth
