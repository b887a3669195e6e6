#include "runtime/node/script.hpp"

#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "architecture/base/temporary_folder.hpp"
#include "tests/architecture/failure.hpp"

namespace gensynth::node {
namespace {

using testing::HasSubstr;

/// The script that runs ONNX models, with a package that this test writes.
class NodeScript : public testing::Test {
 protected:
  NodeScript() {
    std::filesystem::create_directories(folder_.file("node_modules/own"));
    std::ofstream(folder_.file("node_modules/own/package.json")) << "{}";
  }
  ~NodeScript() override { unsetenv("GENSYNTH_TEST_NODE"); }

  Script script(const std::string& name) const {
    return {.folder = "onnx",
            .name = name,
            .package = "own",
            .built_in = "nowhere",
            .variable = "GENSYNTH_TEST_NODE",
            .install = "npm install own",
            .runtime = "Own"};
  }
  void name_package() const { setenv("GENSYNTH_TEST_NODE", folder_.file("").c_str(), 1); }

  TemporaryFolder folder_{"node_test"};
  std::string why_not_;
};

TEST_F(NodeScript, SaysWhichPackageIsMissing) {
  EXPECT_FALSE(run_script(script("run.mjs"), {}, "net", folder_.file(""), why_not_));
  EXPECT_EQ(why_not_, "own is not installed (npm install own, or set GENSYNTH_TEST_NODE)");
}

TEST_F(NodeScript, SaysThatTheScriptIsMissing) {
  name_package();
  EXPECT_FALSE(run_script(script("no.mjs"), {}, "net", folder_.file(""), why_not_));
  EXPECT_THAT(why_not_, HasSubstr("no.mjs is neither installed nor in "));
}

TEST_F(NodeScript, RefusesANamedFolderWithoutThePackage) {
  setenv("GENSYNTH_TEST_NODE", "/nowhere", 1);
  EXPECT_EQ(failure([&] { run_script(script("run.mjs"), {}, "net", folder_.file(""), why_not_); }),
            "GENSYNTH_TEST_NODE: /nowhere: holds no own");
}

TEST_F(NodeScript, ReportsAScriptThatFails) {
  name_package();
  const std::string message = failure([&] {
    if (!run_script(script("run.mjs"), {}, "net", folder_.file(""), why_not_)) GTEST_SKIP() << why_not_;
  });
  if (IsSkipped()) return;
  EXPECT_THAT(message, HasSubstr("net: Own failed (status 1): "));
}

TEST_F(NodeScript, ArraysPassThroughFiles) {
  const std::vector<float> values{1, 2, 3, 4, 5, 6};
  write_bytes(folder_.file("a"), values.data(), values.size() * sizeof(float));
  EXPECT_EQ(read_arrays(folder_.file("a"), 2, 3), (std::vector<std::vector<float>>{{1, 2, 3}, {4, 5, 6}}));
  EXPECT_THAT(failure([&] { read_arrays(folder_.file("a"), 2, 4); }), HasSubstr("24 bytes, expected 32"));
  EXPECT_THAT(failure([&] { write_bytes("/no/such/folder/a", values.data(), 4); }), HasSubstr("cannot be written"));
}

}  // namespace
}  // namespace gensynth::node
