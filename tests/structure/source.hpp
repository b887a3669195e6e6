#pragma once

#include <set>
#include <string>
#include <vector>

namespace gensynth::structure {

/// The parts of one C++ source that the rules of the tree check.
struct SourceFile {
  std::string path;                  ///< from the root
  std::vector<std::string> own;      ///< "..." as written
  std::vector<std::string> foreign;  ///< <...>
  int lines = 0;
  bool pragma_once = false;
  bool has_main = false;             ///< defines main()
  std::set<std::string> namespaces;  ///< that it opens, by full name, without unnamed ones
  std::vector<std::string> types;  ///< that it defines at namespace scope, by full name, without those in unnamed ones
};
SourceFile parse_source(const std::string& path, const std::string& text);

/// "a/b" of "a/b/c.cpp", "" of "c.cpp".
std::string folder_of(const std::string& path);
/// "a" of "a/b/c.cpp".
std::string top_folder_of(const std::string& path);

/// The namespace that a folder's sources declare (HACKING.md, "Layers"); "" if there is no rule.
std::string namespace_of(const std::string& folder);

}  // namespace gensynth::structure
