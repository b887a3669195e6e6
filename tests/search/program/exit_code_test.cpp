// Exit codes of the process, one for each kind of error.
#include <gmock/gmock.h>

#include "tests/search/program/program.hpp"

namespace gensynth::program {
namespace {

using ::testing::HasSubstr;

class ExitCodeTest : public Program {
 protected:
  json untrained() const {
    json job = tiny_job();
    job["proxy"] = nullptr;
    job["objective"] = {{"accuracy", "top1"}};
    return job;
  }
  /// The exit code with standard output going to a full disk.
  int code_when_full(const std::string& arguments) const {
    const std::string command = "cd '" + folder + "' && '" GENSYNTH_PROGRAM "' " + arguments + " > /dev/full 2> error";
    const int status = std::system(command.c_str());
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
  }
  std::string error_text() const {
    std::ifstream file(folder + "/error");
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
  }
};

TEST_F(ExitCodeTest, UsageAndInputAreTwo) {
  const Result flag = run("zoo --jsno");
  EXPECT_EQ(flag.code, 2);
  EXPECT_THAT(flag.text, HasSubstr("did you mean '--json'"));
  EXPECT_THAT(flag.text, HasSubstr("gensynth COMMAND --help"));
  json bad = untrained();
  bad["sead"] = 1;
  write("bad.json", bad);
  const Result job = run("search bad.json --out run");
  EXPECT_EQ(job.code, 2);
  EXPECT_THAT(job.text, HasSubstr("did you mean 'seed'"));
  EXPECT_EQ(run("profile none.json").code, 2);
  EXPECT_EQ(run("export zoo:attendnext-a --out no/such/folder/net.svg").code, 2);
}

TEST_F(ExitCodeTest, AFullDiskIsFour) {
  EXPECT_EQ(code_when_full("zoo"), 4);
  EXPECT_THAT(error_text(), HasSubstr("standard output cannot be written"));
  EXPECT_EQ(code_when_full("init --schema"), 4);
  const Result file = run("profile zoo:mobilenet-v3-small-1.0 --svg /dev/full");
  EXPECT_EQ(file.code, 4) << file.text;
}

TEST_F(ExitCodeTest, ABrokenDatabaseIsFour) {
  write("job.json", untrained());
  ASSERT_EQ(run("search job.json --out run -q").code, 0);
  {
    std::ofstream database(folder + "/run/run.db", std::ios::trunc);
    database << "no database at all, and longer than the header of one would be" << std::string(8192, 'x');
  }
  for (const char* other : {"run.db-wal", "run.db-shm"}) fs::remove(folder + "/run/" + other);
  const Result log = run("log run");
  EXPECT_EQ(log.code, 4) << log.text;
  EXPECT_THAT(log.text, HasSubstr("run.db"));
}

TEST_F(ExitCodeTest, AMissingCompanionIsFour) {
  ::setenv("GENSYNTH_TORCH_PROGRAM", "/nowhere/gensynth-torch", 1);
  const Result result = run("train zoo:mobilenet-v3-small-1.0 --data drawn --out trained");
  ::unsetenv("GENSYNTH_TORCH_PROGRAM");
  EXPECT_EQ(result.code, 4) << result.text;
  EXPECT_THAT(result.text, HasSubstr("/nowhere/gensynth-torch"));
}

/// Errors of gensynth-torch have the same codes as errors of gensynth.
TEST_F(ExitCodeTest, KindsCrossTheCompanion) {
  const Result input = run("train zoo:mobilenet-v3-small-1.0 --data none --out trained");
  EXPECT_EQ(input.code, 2) << input.text;
  ::setenv("GENSYNTH_CACHE", "/proc/nowhere", 1);
  const Result machine = run("train zoo:mobilenet-v3-small-1.0 --data drawn --px 32 --out trained");
  ::unsetenv("GENSYNTH_CACHE");
  EXPECT_EQ(machine.code, 4);
  EXPECT_THAT(machine.text, HasSubstr("/proc/nowhere"));
}

TEST_F(ExitCodeTest, ACompanionThatIsKilledIsReported) {
  std::ofstream(folder + "/killed") << "#!/bin/sh\nkill -9 $$\n";
  fs::permissions(folder + "/killed", fs::perms::owner_all);
  ::setenv("GENSYNTH_TORCH_PROGRAM", (folder + "/killed").c_str(), 1);
  const Result result = run("train zoo:mobilenet-v3-small-1.0 --data drawn --out trained");
  ::unsetenv("GENSYNTH_TORCH_PROGRAM");
  EXPECT_EQ(result.code, 4) << result.text;
  EXPECT_THAT(result.text, HasSubstr("signal 9"));
}

TEST_F(ExitCodeTest, InitPrintsSchemaAndKeys) {
  const Result schema = run("init --schema");
  EXPECT_EQ(schema.code, 0);
  EXPECT_EQ(json::parse(schema.text).at("title"), "gensynth.job, version 1");
  EXPECT_THAT(run("init --keys").text, HasSubstr("| `trials` | 32 |"));
  EXPECT_FALSE(fs::exists(folder + "/job.json"));
  EXPECT_EQ(run("init --keys --schema").code, 2);
}

TEST_F(Program, NumbersOutOfRangeAreRefused) {
  write("job.json", tiny_job());
  for (const char* seed : {"18446744073709551621", "9223372036854775808", "-99999999999999999999", "-1", "1e3"}) {
    const Result refused = run(std::string("search job.json --out run --seed=") + seed);
    EXPECT_EQ(refused.code, 2) << seed;
    EXPECT_THAT(refused.text, ::testing::HasSubstr(seed));
    EXPECT_FALSE(fs::exists(folder + "/run"));
  }
}

TEST_F(Program, NamesThatAreNoUtf8AreNamed) {
  const Result refused = run("export zoo:squeezenet-1.1 --untrained --format json --out \"$(printf 'bad\\377.json')\"");
  EXPECT_EQ(refused.code, 2) << refused.text;
  EXPECT_THAT(refused.text, ::testing::HasSubstr("not valid UTF-8"));
}

}  // namespace
}  // namespace gensynth::program
