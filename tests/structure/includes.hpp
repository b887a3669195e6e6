#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "tests/structure/source.hpp"

namespace gensynth::structure {

/// Complaints, one line each, about what `files` include.
std::vector<std::string> upward_includes(const std::vector<SourceFile>& files);
std::vector<std::string> misplaced_torch_includes(const std::vector<SourceFile>& files);

/// Edges from one folder to another, each with the first include that makes it: "a/x.cpp includes b/y.hpp".
using Edges = std::map<std::string, std::map<std::string, std::string>>;
Edges folder_edges(const std::vector<SourceFile>& files);

/// A cycle among folders, one line for each of its edges with the include that makes it; "" when there is none.
std::string find_cycle(const Edges& edges);
/// Whether a path leads from one folder to another.
bool reaches(const Edges& edges, const std::string& from, const std::string& to);

}  // namespace gensynth::structure
