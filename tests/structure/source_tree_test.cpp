#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "tests/structure/includes.hpp"
#include "tests/structure/lists.hpp"
#include "tests/structure/source.hpp"

// Checks that the project's sources follow the rules of HACKING.md. pending.txt lists known violations.

namespace gensynth::structure {
namespace {

namespace fs = std::filesystem;
using testing::IsEmpty;

constexpr int kMostLines = 350;
constexpr int kMostSources = 15;  // .cpp files of one folder, without its subfolders

const fs::path& root() {
  static const fs::path path = GENSYNTH_SOURCE_DIR;
  return path;
}

std::string read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

/// Paths of all files from the root, without hidden ones.
const std::set<std::string>& tree() {
  static const std::set<std::string> paths = [] {
    std::set<std::string> found;
    for (const char* folder : {"architecture", "constraints", "runtime", "generator", "inquisitor", "search",
                               "examples", "experiments", "tests", "docs", "scripts", "cmake"}) {
      if (!fs::exists(root() / folder)) continue;
      for (auto item = fs::recursive_directory_iterator(root() / folder); item != fs::recursive_directory_iterator();
           ++item) {
        const bool hidden = item->path().filename().string().starts_with(".");
        if (hidden && item->is_directory()) item.disable_recursion_pending();
        if (!hidden && item->is_regular_file()) found.insert(fs::relative(item->path(), root()).string());
      }
    }
    return found;
  }();
  return paths;
}

const std::vector<SourceFile>& sources() {
  static const std::vector<SourceFile> files = [] {
    std::vector<SourceFile> found;
    for (const std::string& path : tree()) {
      const std::string ending = fs::path(path).extension().string();
      if (ending == ".cpp" || ending == ".hpp" || ending == ".h" || ending == ".c") {
        found.push_back(parse_source(path, read(root() / path)));
      }
    }
    return found;
  }();
  return files;
}

std::vector<std::string> complaints(const std::string& rule, const std::vector<std::string>& found) {
  return without_pending(rule, found, read_list(read(root() / "tests/structure/pending.txt")));
}

/// The stable interface of plugins, installed into one folder of its own, and its namespaces.
bool is_plugin_interface(const std::string& path) { return path.starts_with("constraints/plugin/gensynth_plugin."); }

TEST(SourceTree, IsSeen) { EXPECT_GT(sources().size(), 100U); }

TEST(SourceTree, NoFolderUsesOneAboveIt) { EXPECT_THAT(upward_includes(sources()), IsEmpty()); }

TEST(SourceTree, NoFoldersUseEachOther) {
  const Edges all = folder_edges(sources());
  Edges left = all;
  std::vector<std::string> in_cycles;
  for (const auto& [from, targets] : all) {
    for (const auto& [to, include] : targets) {
      if (reaches(all, to, from)) in_cycles.push_back(from + " -> " + to);
    }
  }
  for (const auto& [rule, edge] : read_list(read(root() / "tests/structure/pending.txt"))) {
    if (rule != "cycle") continue;
    EXPECT_THAT(in_cycles, testing::Contains(edge)) << "pending: in no cycle any more, take it out of the list";
    const std::size_t arrow = edge.find(" -> ");
    left[edge.substr(0, arrow)].erase(edge.substr(arrow + 4));
  }
  EXPECT_EQ(find_cycle(left), "");
}

TEST(SourceTree, TorchStaysInItsPlace) { EXPECT_THAT(misplaced_torch_includes(sources()), IsEmpty()); }

TEST(SourceTree, OwnIncludesAreWrittenFromTheRoot) {
  for (const SourceFile& file : sources()) {
    if (is_plugin_interface(file.path)) continue;
    for (const std::string& included : file.own) {
      EXPECT_TRUE(fs::exists(root() / included)) << file.path << " includes \"" << included << "\"";
    }
  }
}

TEST(SourceTree, HeadersGuardThemselves) {
  for (const SourceFile& file : sources()) {
    EXPECT_TRUE(file.pragma_once || !file.path.ends_with(".hpp")) << file.path;
  }
}

TEST(SourceTree, SourcesHaveTheNamespaceOfTheirFolder) {
  std::vector<std::string> found;
  for (const SourceFile& file : sources()) {
    const std::string expected = namespace_of(folder_of(file.path));
    const bool helper = file.path.starts_with("tests/") && file.path.ends_with(".hpp");
    const bool is_c = file.path.ends_with(".c") || file.path.ends_with(".h");
    if (expected.empty() || is_c || file.has_main || is_plugin_interface(file.path)) continue;
    if (file.path.starts_with("tests/constraints/plugins/")) continue;  // plugins of their own
    bool declared = helper && file.namespaces.contains("gensynth::testing");
    for (const std::string& name : file.namespaces) declared |= (name + "::").starts_with(expected + "::");
    if (!declared) found.push_back(file.path);
  }
  EXPECT_THAT(complaints("namespace", found), IsEmpty()) << "expected the namespace of the folder";
}

// Two types of one name are undefined behaviour in a program that holds both: the linker keeps one destructor.
TEST(SourceTree, NoTypeIsDefinedTwice) {
  std::map<std::string, std::string> where;
  for (const SourceFile& file : sources()) {
    if (!file.path.ends_with(".hpp") || file.path.starts_with("examples/") || is_plugin_interface(file.path)) continue;
    for (const std::string& type : file.types) {
      const auto [known, added] = where.emplace(type, file.path);
      EXPECT_TRUE(added) << type << " in " << known->second << " and " << file.path;
    }
  }
  EXPECT_GT(where.size(), 100U);
}

TEST(SourceTree, FilesStayReadable) {
  std::vector<std::string> found;
  for (const SourceFile& file : sources()) {
    if (file.lines > kMostLines) found.push_back(file.path);
  }
  EXPECT_THAT(complaints("long_file", found), IsEmpty()) << "more than " << kMostLines << " lines";
}

TEST(SourceTree, FoldersStaySmall) {
  std::map<std::string, int> counts;
  for (const SourceFile& file : sources()) counts[folder_of(file.path)] += file.path.ends_with(".cpp");
  std::vector<std::string> found;
  for (const auto& [folder, count] : counts) {
    if (count > kMostSources) found.push_back(folder);
  }
  EXPECT_THAT(complaints("crowded_folder", found), IsEmpty()) << "more than " << kMostSources << " sources";
}

/// Below tests/ the folders mirror the tree, so that only folders of its own need a README.
TEST(SourceTree, EveryFolderHasAReadme) {
  std::set<std::string> folders;
  for (const std::string& path : tree()) {
    for (std::string folder = folder_of(path); !folder.empty(); folder = folder_of(folder)) {
      const bool mirrors = folder.starts_with("tests/") && folder.find('/') != folder.rfind('/');
      if (!mirrors) folders.insert(folder);
    }
  }
  std::vector<std::string> found;
  for (const std::string& folder : folders) {
    if (!tree().contains(folder + "/README.md")) found.push_back(folder);
  }
  EXPECT_THAT(complaints("no_readme", found), IsEmpty());
}

TEST(SourceTree, SourcesAreTestedByTheirNameOrSayWhyNot) {
  EXPECT_THAT(untested(sources(), read_list(read(root() / "tests/structure/untested.txt"))), IsEmpty());
}

}  // namespace
}  // namespace gensynth::structure
