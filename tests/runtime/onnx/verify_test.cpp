#include "runtime/onnx/verify.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "architecture/base/error.hpp"
#include "runtime/onnx/onnx_writer.hpp"

namespace gensynth::onnx {
namespace {

using testing::HasSubstr;

class Verify : public testing::Test {
 protected:
  void SetUp() override {
    path_ = testing::TempDir() + "verify_test_" + std::to_string(getpid()) + ".onnx";
    ArchitectureBuilder builder("double", {Layout::map, 2, 1, 2});
    const auto net = builder.build(builder.add(Scale{true, 1.0}, 0, {}, "factor"));
    write_onnx(net, {{"factor.weight", {{2}, {2.0F, -3.0F}}}}, path_);
  }
  void TearDown() override { std::filesystem::remove(path_); }

  std::string path_;
};

TEST_F(Verify, RunsEveryInput) {
  std::string why_not;
  const auto run = run_onnx(path_, {{1, 2, 3, 4}, {5, 6, 7, 8}}, {1, 2, 1, 2}, why_not);
  if (!run) GTEST_SKIP() << why_not;
  EXPECT_THAT(run->runtime, HasSubstr("onnxruntime 1."));
  EXPECT_EQ(run->outputs, (std::vector<std::vector<float>>{{2, 4, -9, -12}, {10, 12, -21, -24}}));
  EXPECT_EQ(run->milliseconds.size(), 2U);
}

TEST_F(Verify, TimesARunAsOftenAsAsked) {
  std::string why_not;
  const auto samples =
      time_onnx(path_, {1, 2, 3, 4}, {1, 2, 1, 2}, {.warmup = 1, .repeats = 5, .min_seconds = 0}, why_not);
  if (!samples) GTEST_SKIP() << why_not;
  EXPECT_THAT(samples->runtime, HasSubstr("onnxruntime 1."));
  EXPECT_EQ(samples->wall_ms.size(), 5U);
  EXPECT_EQ(samples->cpu_ms.size(), 5U);
  EXPECT_THROW(time_onnx(path_, {1, 2}, {1, 2, 1, 2}, {}, why_not), Error);
}

TEST_F(Verify, RefusesInputsThatDoNotFillTheShape) {
  std::string why_not;
  EXPECT_THROW(run_onnx(path_, {{1, 2, 3}}, {1, 2, 1, 2}, why_not), Error);
  EXPECT_THROW(run_onnx(path_, {{1, 2, 3, 4}}, {1, 2, 1, 2}, why_not, 0), Error);
}

TEST_F(Verify, ReportsAModelThatDoesNotRun) {
  std::ofstream(path_) << "no model";
  std::string why_not;
  try {
    if (!run_onnx(path_, {{1, 2, 3, 4}}, {1, 2, 1, 2}, why_not)) GTEST_SKIP() << why_not;
    FAIL() << "a text ran as a model";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr(path_));
    EXPECT_THAT(error.what(), HasSubstr("ONNX Runtime failed"));
  }
}

TEST_F(Verify, RefusesANamedFolderWithoutTheRuntime) {
  setenv("GENSYNTH_ONNXRUNTIME_NODE", "/nowhere", 1);
  std::string why_not;
  EXPECT_THROW(run_onnx(path_, {{1, 2, 3, 4}}, {1, 2, 1, 2}, why_not), Error);
  unsetenv("GENSYNTH_ONNXRUNTIME_NODE");
}

TEST_F(Verify, RefusesANamedLibraryThatIsNotTheRuntime) {
  std::string why_not;
  for (const char* named : {"/nowhere/libonnxruntime.so", "libm.so.6"}) {
    setenv("GENSYNTH_ONNXRUNTIME_LIBRARY", named, 1);
    setenv("GENSYNTH_ONNXRUNTIME_NODE", "/nowhere", 1);  // the library goes before
    try {
      run_onnx(path_, {{1, 2, 3, 4}}, {1, 2, 1, 2}, why_not);
      ADD_FAILURE() << named << " ran a model";
    } catch (const Error& error) {
      EXPECT_THAT(error.what(), HasSubstr("GENSYNTH_ONNXRUNTIME_LIBRARY: "));
    }
  }
  unsetenv("GENSYNTH_ONNXRUNTIME_LIBRARY");
  unsetenv("GENSYNTH_ONNXRUNTIME_NODE");
}

}  // namespace
}  // namespace gensynth::onnx
