#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

namespace gensynth::structure {

/// What one source includes.
struct SourceFile {
  std::string path;                  ///< from the root
  std::vector<std::string> own;      ///< "..." as written
  std::vector<std::string> foreign;  ///< <...>
  int lines = 0;
  bool pragma_once = false;
};
SourceFile parse_source(const std::string& path, const std::string& text);

/// Where a source belongs: its top-level folder, but each part of runtime/ is one by itself, and so is the zoo.
std::string module_of(const std::string& path);

/// Complaints, one line each, about what `files` include.
std::vector<std::string> upward_includes(const std::vector<SourceFile>& files);
std::vector<std::string> misplaced_torch_includes(const std::vector<SourceFile>& files);

/// A way from a module back to itself, "a -> b -> a"; "" when there is none.
std::string find_cycle(const std::map<std::string, std::set<std::string>>& edges);
std::map<std::string, std::set<std::string>> module_edges(const std::vector<SourceFile>& files);

}  // namespace gensynth::structure
