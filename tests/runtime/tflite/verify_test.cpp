#include "runtime/tflite/verify.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "architecture/base/error.hpp"
#include "architecture/base/file.hpp"
#include "runtime/tflite/writer.hpp"
#include "tests/architecture/failure.hpp"

namespace gensynth::tflite {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class TfliteVerify : public testing::Test {
 protected:
  void SetUp() override {
    path_ = testing::TempDir() + "tflite_verify_test_" + std::to_string(getpid()) + ".tflite";
    ArchitectureBuilder builder("double", {Layout::map, 2, 1, 2});
    const auto net = builder.build(builder.add(Scale{true, 1.0}, 0, {}, "factor"));
    write(net, {{"factor.weight", {{2}, {2.0F, -3.0F}}}}, path_);
  }
  void TearDown() override { std::filesystem::remove(path_); }

  std::string path_;
};

TEST_F(TfliteVerify, RunsEveryInput) {
  std::string why_not;
  const std::vector<std::vector<float>> inputs{{1, 2, 3, 4}, {5, 6, 7, 8}};
  const auto result = run(path_, inputs, why_not);
  if (!result) GTEST_SKIP() << why_not;
  EXPECT_THAT(result->runtime, HasSubstr("LiteRT "));
  EXPECT_TRUE(result->accelerated);
  EXPECT_EQ(result->input_name, "images");
  EXPECT_EQ(result->output_name, "logits");
  EXPECT_THAT(result->output_shape, ElementsAre(1, 1, 2, 2));
  EXPECT_EQ(result->outputs, (std::vector<std::vector<float>>{{2, -6, 6, -12}, {10, -18, 14, -24}}));
}

TEST_F(TfliteVerify, ReportsInputsThatDoNotFit) {
  std::string why_not;
  const std::vector<std::vector<float>> inputs{{1, 2, 3}};
  try {
    if (!run(path_, inputs, why_not)) GTEST_SKIP() << why_not;
    FAIL() << "three values ran as four";
  } catch (const Error& error) {
    EXPECT_THAT(
        error.what(),
        HasSubstr(
            "LiteRT failed (status 1): the inputs have 12 bytes, expected 16: 1 of type float32 and shape 1, 1, 2, 2"));
  }
}

TEST_F(TfliteVerify, ReportsAFileThatIsNone) {
  const std::string whole = read_file(path_);
  std::string why_not;
  const std::vector<std::vector<float>> inputs{{1, 2, 3, 4}};
  for (const std::string& bytes : {std::string("no model"), std::string(), whole.substr(0, whole.size() / 2)}) {
    std::ofstream(path_, std::ios::binary) << bytes;
    EXPECT_EQ(failure([&] { run(path_, inputs, why_not); }), path_ + ": is not a TensorFlow Lite file");
  }
}

TEST_F(TfliteVerify, RefusesANamedFolderWithoutTheRuntime) {
  setenv("GENSYNTH_LITERT_NODE", "/nowhere", 1);
  std::string why_not;
  const std::vector<std::vector<float>> inputs{{1, 2, 3, 4}};
  EXPECT_EQ(failure([&] { run(path_, inputs, why_not); }), "GENSYNTH_LITERT_NODE: /nowhere: holds no @litertjs/core");
  unsetenv("GENSYNTH_LITERT_NODE");
}

TEST(TfliteLayout, ChannelsGoLastAndBack) {
  const Shape map{Layout::map, 2, 1, 3};
  const std::vector<float> planes{1, 2, 3, 4, 5, 6};
  EXPECT_THAT(channels_last(planes, map), ElementsAre(1, 4, 2, 5, 3, 6));
  EXPECT_EQ(channels_first(channels_last(planes, map), map), planes);
  EXPECT_EQ(channels_last(planes, {Layout::tokens, 2, 1, 3}), planes);
}

}  // namespace
}  // namespace gensynth::tflite
