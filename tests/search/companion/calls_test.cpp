#include "search/companion/calls.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <functional>

#include "architecture/base/error.hpp"
#include "tests/search/scratch.hpp"

namespace gensynth::companion {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

/// A shell script replaces gensynth-torch.
class CallsTest : public ::testing::Test {
 protected:
  ~CallsTest() override { ::unsetenv("GENSYNTH_TORCH_PROGRAM"); }

  void companion_does(const std::string& script) const {
    const std::string path = scratch / "companion";
    std::ofstream(path) << "#!/bin/sh\n" << script << "\n";
    std::filesystem::permissions(path, std::filesystem::perms::owner_all);
    ::setenv("GENSYNTH_TORCH_PROGRAM", path.c_str(), 1);
  }
  static ExportResult onnx() { return export_onnx({"net", "x.onnx", 1}); }

  testing::Scratch scratch;
};

constexpr const char* kExportResult =
    R"(echo '{"result":{"runtime":"r","inputs":4,"input":"unit","output":"logits","largest_difference":0.5,"not_verified":"","accelerated":true,"quantisation":null}}')";

TEST_F(CallsTest, PassTheRequestAndReturnTheResult) {
  companion_does(R"(echo "$1 $2" > "$(dirname "$0")/request")" + std::string("\n") + kExportResult);
  EXPECT_EQ(onnx().runtime, "r");
  std::ifstream file(scratch / "request");
  std::string request;
  std::getline(file, request);
  EXPECT_EQ(request, R"(onnx {"network":"net","out":"x.onnx","seed":1,"px":0,"batch":1,"input":"","output":"logits",)"
                     R"("mean":[],"std":[],"precision":"fp32","quantisation":null})");
}

TEST_F(CallsTest, ReportProgressInOrder) {
  companion_does(R"(echo '{"progress":{"round":1,"network":"a"}}'
printf '{"progress":{"round":1,'
sleep 0.05
echo '"network":"b"}}'
echo '{"result":{"runtime":"r","host":{"date":"d","host_name":"h","num_cpus":1,"caches":[],"load_avg":[],"library_version":"v","library_build_type":"release","processor":"p"},"networks":[]}}')");
  std::vector<std::string> seen;
  const BenchResult result = bench({}, [&](const BenchProgress& p) { seen.push_back(p.network); }, {});
  EXPECT_THAT(seen, ElementsAre("a", "b"));
  EXPECT_EQ(result.host.processor, "p");
}

ErrorKind kind_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.kind();
  }
  ADD_FAILURE() << "nothing was thrown";
  return ErrorKind::usage;
}

TEST_F(CallsTest, AnErrorIsTheCompanionsMessageAndKind) {
  companion_does(R"(echo '{"error":{"kind":"environment","message":"x.onnx: the disk is full"}}'; exit 4)");
  EXPECT_THAT(onnx, ThrowsMessage<Error>(std::string("x.onnx: the disk is full")));
  EXPECT_EQ(kind_of([] { onnx(); }), ErrorKind::environment);
  companion_does(R"(echo '{"error":{"kind":"input","message":"no"}}'; exit 2)");
  EXPECT_EQ(kind_of([] { onnx(); }), ErrorKind::input);
}

TEST_F(CallsTest, ACrashIsAFaultOfTheProgramAndAKillOneOfTheMachine) {
  companion_does("exit 9");
  EXPECT_THAT(onnx, ThrowsMessage<Error>(HasSubstr("status 9")));
  companion_does("kill -SEGV $$");
  EXPECT_THAT(onnx, ThrowsMessage<Error>(HasSubstr("signal 11")));
  EXPECT_EQ(kind_of([] { onnx(); }), ErrorKind::internal);
  companion_does("kill -KILL $$");
  EXPECT_EQ(kind_of([] { onnx(); }), ErrorKind::environment);
}

TEST_F(CallsTest, AnythingElseOnTheLineIsAnError) {
  for (const char* line :
       {"hello", "[]", "{}", R"({"answer":1})", R"({"error":1})", R"({"error":"no"})",
        R"({"error":{"kind":1,"message":2}})", R"({"result":{},"error":""})", R"({"result":{"runtime":"r"}})"}) {
    companion_does(std::string("echo '") + line + "'; exec sleep 100");
    if (std::string(line).find("runtime") != std::string::npos) companion_does(std::string("echo '") + line + "'");
    EXPECT_THROW((void)onnx(), Error) << line;
  }
}

TEST_F(CallsTest, AreStoppedOnRequest) {
  companion_does(R"(trap 'echo "{\"result\":{\"end\":\"stopped\",\"images\":8,\"report\":null}}"; exit 0' TERM
while :; do sleep 0.02; done)");
  CallOptions options;
  int asked = 0;
  options.should_stop = [&] { return ++asked > 3; };
  const auto ignore_start = [](const std::string&) {};
  const auto ignore = [](const train::RungResult&) {};
  const std::optional<TrainResult> result = train({}, ignore_start, ignore, options);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->end, TrainEnd::stopped);
  EXPECT_EQ(result->images, 8);
  companion_does("exec sleep 100");  // without an answer
  EXPECT_FALSE(train({}, ignore_start, ignore, options));
}

TEST_F(CallsTest, StandardErrorGoesToTheLog) {
  companion_does(std::string("echo noise >&2\n") + kExportResult);
  CallOptions options;
  options.log = scratch / "log";
  EXPECT_EQ(export_onnx({"net", "x.onnx", 1}, options).inputs, 4);
  std::ifstream file(options.log);
  std::string line;
  std::getline(file, line);
  EXPECT_EQ(line, "noise");
}

TEST_F(CallsTest, AProgramThatIsNotThereIsAnError) {
  ::setenv("GENSYNTH_TORCH_PROGRAM", "/nowhere/gensynth-torch", 1);
  EXPECT_THAT(onnx, ThrowsMessage<Error>(HasSubstr("/nowhere/gensynth-torch: cannot be started")));
}

}  // namespace
}  // namespace gensynth::companion
