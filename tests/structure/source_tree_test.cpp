#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/structure/includes.hpp"

// The project's own sources against its rules of layering.

namespace gensynth::structure {
namespace {

namespace fs = std::filesystem;
using testing::IsEmpty;

const std::vector<std::string>& source_folders() {
  static const std::vector<std::string> folders = {"architecture", "constraints", "runtime",  "generator",
                                                   "inquisitor",   "search",      "examples", "tests"};
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
