#pragma once

#include <map>
#include <string>
#include <vector>

#include "tests/structure/source.hpp"

namespace gensynth::structure {

/// Reads a list of lines "WORD REST"; lines that begin with # and empty ones are comments. Throws std::runtime_error
/// for a line without REST and for a WORD that is there before with the same REST.
std::vector<std::pair<std::string, std::string>> read_list(const std::string& text);

/// Complaints about sources without a test of their own name (tests/x/y_test.cpp for x/y.cpp) that `reasons` (path,
/// reason) does not list, and about entries of `reasons` that are stale: the source has a test or is gone,
/// or a test that the reason names is gone.
std::vector<std::string> untested(const std::vector<SourceFile>& files,
                                  const std::vector<std::pair<std::string, std::string>>& reasons);

/// Removes known violations from those found. `pending` lists them as (rule, subject); an entry of `rule` that is not
/// among `found` is stale and is returned as a complaint.
std::vector<std::string> without_pending(const std::string& rule, const std::vector<std::string>& found,
                                         const std::vector<std::pair<std::string, std::string>>& pending);

}  // namespace gensynth::structure
