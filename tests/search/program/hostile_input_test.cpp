// Output paths that name an input, and values that no option or file may have.
#include <gmock/gmock.h>

#include "tests/search/program/program.hpp"

namespace gensynth::program {
namespace {

using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::Not;

class HostileInput : public Program {
 protected:
  std::string content(const std::string& name) const {
    std::ifstream file(folder + "/" + name, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
  }
  /// Runs the command with `input` itself, a symbolic link and a hard link to it as OUT.
  void expect_kept(const std::string& input, const std::string& command) const {
    const std::string before = content(input);
    fs::remove(folder + "/soft");
    fs::remove(folder + "/hard");
    fs::create_symlink(folder + "/" + input, folder + "/soft");
    fs::create_hard_link(folder + "/" + input, folder + "/hard");
    for (const std::string& out : {input, std::string("soft"), std::string("hard"), "./" + input}) {
      std::string line = command;
      line.replace(line.find("OUT"), 3, out);
      const Result result = run(line);
      EXPECT_EQ(result.code, 2) << line << "\n" << result.text;
      EXPECT_THAT(result.text, AnyOf(HasSubstr("would be overwritten"), HasSubstr("names a file that is read"),
                                     HasSubstr("is the file of the measurements"), HasSubstr("exists already")))
          << line;
      EXPECT_TRUE(content(input) == before) << line;
    }
  }
};

TEST_F(HostileInput, NoCommandOverwritesWhatItReads) {
  ASSERT_EQ(run("export zoo:mobilenet-v3-small-1.0 --format json --out net.json").code, 0);
  ASSERT_EQ(run("export net.json --format safetensors --untrained --out net.safetensors").code, 0);
  for (const char* format : {"json", "dot", "svg", "safetensors", "onnx", "tflite"}) {
    for (const char* input : {"net.json", "net.safetensors"}) {
      expect_kept(input, std::string("export net.json --untrained --out OUT --format ") + format);
    }
  }
  expect_kept("net.json", "profile net.json --svg OUT");
  expect_kept("net.safetensors", "profile net.json --svg OUT");
  expect_kept("net.json", "compare zoo:mobilenet-v3-small-1.0 net.json --svg OUT");
  expect_kept("net.json", "compare zoo:mobilenet-v3-small-1.0 --relative-to net.json --svg OUT");
  write("data.json", json{{"kind", "drawn"}});
  for (const char* input : {"net.json", "net.safetensors", "data.json"}) {
    expect_kept(input, "evaluate net.json --data data.json --svg OUT");
  }
  json job = tiny_job();
  job["proxy"] = nullptr;
  job["objective"] = {{"accuracy", "top1"}};
  write("job.json", job);
  expect_kept("job.json", "init --out OUT");
  ASSERT_EQ(run("search job.json --out run -q").code, 0);
  for (const char* input : {"run/run.db", "run/job.json"}) {
    expect_kept(input, "export run --format json --out OUT");
    expect_kept(input, "export run#1 --format svg --out OUT");
    expect_kept(input, "profile run --svg OUT");
    expect_kept(input, "compare run --svg OUT");
  }
  EXPECT_EQ(run("log run").code, 0);
  std::ofstream(folder + "/rows.csv") << "network,latency_ms\n";
  expect_kept("rows.csv", "calibrate rows.csv --device cortex-a72 --out OUT");
  expect_kept("rows.csv", "calibrate rows.csv --device cortex-a72 --out new.json --svg OUT");
  write("device.json", json{{"format", "gensynth.device"}});
  expect_kept("device.json", "calibrate rows.csv --device device.json --out OUT");
  expect_kept("device.json", "profile net.json --device device.json --svg OUT");
  expect_kept("device.json", "compare net.json --device device.json --svg OUT");
}

TEST_F(HostileInput, TrainingKeepsWhatItReads) {
  ASSERT_EQ(run("export zoo:mobilenet-v3-small-1.0 --format json --out net.json").code, 0);
  fs::create_directory(folder + "/out");
  write("out/training.json", json{{"kind", "drawn"}, {"px", 32}});
  const std::string before = content("out/training.json");
  const Result data = run("train net.json --data out/training.json --out out --images 10");
  EXPECT_EQ(data.code, 2) << data.text;
  EXPECT_THAT(data.text, HasSubstr("would be overwritten"));
  EXPECT_EQ(content("out/training.json"), before);
}

TEST_F(HostileInput, NumbersOutOfRangeAreRefused) {
  const std::vector<std::string> commands = {
      "search none.json --out r --seed ",
      "search none.json --out r --trials ",
      "search none.json --out r --workers ",
      "generate none --seed ",
      "generate none --count ",
      "generate none --samples ",
      "generate none --raw ",
      "generate none --latency-ms ",
      "export zoo:mobilenet-v3-small-1.0 --format json --out x.json --seed ",
      "export zoo:mobilenet-v3-small-1.0 --format onnx --untrained --out x.onnx --batch ",
      "export zoo:mobilenet-v3-small-1.0 --format onnx --untrained --out x.onnx --input-px ",
      "train zoo:mobilenet-v3-small-1.0 --data drawn --out t --seed ",
      "train zoo:mobilenet-v3-small-1.0 --data drawn --out t --images ",
      "train zoo:mobilenet-v3-small-1.0 --data drawn --out t --lr ",
      "train zoo:mobilenet-v3-small-1.0 --data drawn --out t --batch ",
      "train zoo:mobilenet-v3-small-1.0 --data drawn --out t --px ",
      "train zoo:mobilenet-v3-small-1.0 --data drawn --out t --classes ",
      "bench zoo:mobilenet-v3-small-1.0 --seed ",
      "bench zoo:mobilenet-v3-small-1.0 --threads ",
      "bench zoo:mobilenet-v3-small-1.0 --repeats ",
      "bench zoo:mobilenet-v3-small-1.0 --warmup ",
      "bench zoo:mobilenet-v3-small-1.0 --rounds ",
      "bench zoo:mobilenet-v3-small-1.0 --input ",
      "bench zoo:mobilenet-v3-small-1.0 --min-seconds ",
      "bench zoo:mobilenet-v3-small-1.0 --clock-ghz ",
      "profile zoo:mobilenet-v3-small-1.0 --threads ",
      "profile zoo:mobilenet-v3-small-1.0 --clock-ghz ",
      "compare zoo:mobilenet-v3-small-1.0 --threads ",
      "compare zoo:mobilenet-v3-small-1.0 --clock-ghz ",
      "log none show ",
  };
  for (const std::string& command : commands) {
    for (const char* value :
         {"18446744073709551621", "-18446744073709551621", "-1", "1e30", "nan", "inf", "''", "1x"}) {
      const std::string given = std::string(command.ends_with("show ") ? "" : "=") + value;
      std::string line = command;
      if (given[0] == '=') line.pop_back();
      const Result result = run(line + given);
      EXPECT_EQ(result.code, 2) << line << given << "\n" << result.text.substr(0, 500);
      EXPECT_THAT(result.text, Not(HasSubstr("fault of gensynth"))) << line << given;
      // Refused for its value, not for the file that is missing.
      if (line.find("show") == std::string::npos) {
        EXPECT_THAT(result.text, HasSubstr("--")) << line << given;
      }
    }
  }
  EXPECT_FALSE(fs::exists(folder + "/x.json"));
}

TEST_F(HostileInput, Utf16IsNamed) {
  std::ofstream(folder + "/marked.json") << std::string("\xff\xfe{\0}\0", 6);
  std::ofstream(folder + "/bare.json") << std::string("{\0}\0", 4);
  std::ofstream(folder + "/rows.csv") << std::string("\xff\xfen\0e\0", 6);
  for (const char* command : {"search marked.json --out r", "search bare.json --out r", "profile marked.json",
                              "profile bare.json", "check zoo:mobilenet-v3-small-1.0 --constraints bare.json",
                              "profile zoo:mobilenet-v3-small-1.0 --device bare.json",
                              "train zoo:mobilenet-v3-small-1.0 --data bare.json --out t",
                              "train zoo:mobilenet-v3-small-1.0 --data drawn --spec bare.json --out t",
                              "calibrate rows.csv --device cortex-a72 --out d.json"}) {
    const Result result = run(command);
    EXPECT_EQ(result.code, 2) << command;
    EXPECT_THAT(result.text, AllOf(HasSubstr("UTF-16"), HasSubstr("expected UTF-8"))) << command;
  }
}

TEST_F(HostileInput, LongInputMakesShortMessages) {
  const std::string word(200'000, 'x');
  std::ofstream(folder + "/format.json") << "{\"format\": \"" << word << "\", \"version\": 1}";
  std::ofstream(folder + "/key.json") << "{\"format\": \"gensynth.job\", \"version\": 1, \"" << word << "\": 1}";
  std::ofstream(folder + "/open.json") << "{\"format\": \"" << word;
  std::ofstream(folder + "/rows.csv") << word << "\n" << word;
  for (const char* command :
       {"search format.json --out r", "search key.json --out r", "search open.json --out r", "profile format.json",
        "profile open.json", "check zoo:mobilenet-v3-small-1.0 --constraints open.json",
        "calibrate rows.csv --device cortex-a72 --out d.json"}) {
    const Result result = run(command);
    EXPECT_EQ(result.code, 2) << command;
    EXPECT_LT(result.text.size(), 5000u) << command;
  }
}

}  // namespace
}  // namespace gensynth::program
