#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <sstream>

#include "tests/structure/includes.hpp"

// The project's own sources against its rules of layering.

namespace gensynth::structure {
namespace {

namespace fs = std::filesystem;
using testing::IsEmpty;

const std::vector<std::string>& source_folders() {
  static const std::vector<std::string> folders = {"architecture", "constraints", "runtime",
                                                   "generator",    "inquisitor",  "search",
                                                   "examples",     "experiments", "tests"};
  return folders;
}

std::string read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

const std::vector<SourceFile>& sources() {
  static const std::vector<SourceFile> files = [] {
    std::vector<SourceFile> found;
    for (const std::string& folder : source_folders()) {
      for (const auto& item : fs::recursive_directory_iterator(fs::path(GENSYNTH_SOURCE_DIR) / folder)) {
        const std::string ending = item.path().extension().string();
        if (ending != ".cpp" && ending != ".hpp" && ending != ".h" && ending != ".c") continue;
        found.push_back(parse_source(fs::relative(item.path(), GENSYNTH_SOURCE_DIR).string(), read(item.path())));
      }
    }
    return found;
  }();
  return files;
}

TEST(SourceTree, IsSeen) { EXPECT_GT(sources().size(), 100U); }

TEST(SourceTree, NoModuleUsesOneAboveIt) { EXPECT_THAT(upward_includes(sources()), IsEmpty()); }

TEST(SourceTree, NoModulesUseEachOther) { EXPECT_EQ(find_cycle(module_edges(sources())), ""); }

TEST(SourceTree, TorchStaysInItsPlace) { EXPECT_THAT(misplaced_torch_includes(sources()), IsEmpty()); }

TEST(SourceTree, OwnIncludesAreWrittenFromTheRoot) {
  for (const SourceFile& file : sources()) {
    if (file.path.starts_with("constraints/plugin/")) continue;  // installed into one folder
    for (const std::string& included : file.own) {
      EXPECT_TRUE(fs::exists(fs::path(GENSYNTH_SOURCE_DIR) / included))
          << file.path << " includes \"" << included << "\"";
    }
  }
}

TEST(SourceTree, HeadersGuardThemselves) {
  for (const SourceFile& file : sources()) {
    EXPECT_TRUE(file.pragma_once || !file.path.ends_with(".hpp")) << file.path;
  }
}

// Two types of one name are undefined behaviour in a program that holds both: the linker keeps one destructor. Plugins
// have a namespace of their own.
TEST(SourceTree, NoTypeIsDefinedTwice) {
  const std::regex definition(R"(\n(?:struct|class|enum class|enum) (\w+)(?: final)?(?: : [^;{\n]+)? \{)");
  std::map<std::string, std::string> where;
  for (const SourceFile& file : sources()) {
    if (!file.path.ends_with(".hpp") || file.path.starts_with("tests/") || file.path.starts_with("examples/") ||
        file.path.starts_with("constraints/plugin/")) {
      continue;
    }
    const std::string text = read(fs::path(GENSYNTH_SOURCE_DIR) / file.path);
    const std::regex space(R"(\nnamespace (gensynth[\w:]*) \{)");
    std::smatch found;
    const std::string scope = std::regex_search(text, found, space) ? found[1].str() : "";
    for (std::sregex_iterator at(text.begin(), text.end(), definition), end; at != end; ++at) {
      const auto [known, added] = where.emplace(scope + "::" + (*at)[1].str(), file.path);
      EXPECT_TRUE(added) << known->first << " in " << known->second << " and " << file.path;
    }
  }
  EXPECT_GT(where.size(), 100U);
}

TEST(SourceTree, FilesStayReadable) {
  constexpr int kMostLines = 400;
  for (const SourceFile& file : sources()) EXPECT_LE(file.lines, kMostLines) << file.path;
}

TEST(SourceTree, EveryModuleSaysWhatItHolds) {
  for (const std::string& folder : source_folders()) {
    EXPECT_TRUE(fs::exists(fs::path(GENSYNTH_SOURCE_DIR) / folder / "README.md")) << folder;
  }
  for (const auto& part : fs::directory_iterator(fs::path(GENSYNTH_SOURCE_DIR) / "runtime")) {
    EXPECT_TRUE(!part.is_directory() || fs::exists(part.path() / "README.md")) << part.path();
  }
}

}  // namespace
}  // namespace gensynth::structure
