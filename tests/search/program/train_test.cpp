#include <gmock/gmock.h>
#include <signal.h>

#include "tests/search/program/program.hpp"

namespace gensynth::program {
namespace {

using ::testing::HasSubstr;

/// A folder with a small network, `net.json`, and arguments that train it on drawn images.
class Training : public Program {
 protected:
  Training() {
    json job = tiny_job();
    job["proxy"] = nullptr;
    job["objective"]["accuracy"] = "top1";
    write("job.json", job);
    EXPECT_EQ(run("search job.json --out run --trials 1 --workers 1 -q").code, 0);
    EXPECT_EQ(run("export run --format json --out net.json").code, 0);
    write("data.json", job["data"]);
  }
  static std::vector<std::string> arguments(const std::string& out, bool resume = false) {
    std::vector<std::string> words = {"train", "net.json", "--data", "data.json", "--out",
                                      out,     "--images", "1600",   "--batch",   "16"};
    if (resume) words.emplace_back("--resume");
    return words;
  }
  static std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) text += word + " ";
    return text;
  }
  json report(const std::string& out) const {
    json result = json::parse(std::ifstream(folder + "/" + out + "/training.json"));
    result.erase("seconds");
    return result;
  }
};

TEST_F(Training, ReportsRungsFilesAndTheValidation) {
  const Result text = run(joined(arguments("out")));
  EXPECT_EQ(text.code, 0);
  for (const char* part : {"     160 images  train loss ", "    1600 images  train loss ", "validation: top-1 ",
                           "wrote out/network.json, network.safetensors, training.json\n"}) {
    EXPECT_THAT(text.text, HasSubstr(part));
  }
  EXPECT_EQ(report("out").at("rungs").size(), 10U);
  const Result twice = run(joined(arguments("out", true)));
  EXPECT_EQ(twice.code, 2);
  EXPECT_THAT(twice.text, HasSubstr("gensynth: out: no unfinished training here to resume\n"));
}

TEST_F(Training, StopsOnRequestAndResumesBitForBit) {
  EXPECT_EQ(run(joined(arguments("whole"))).code, 0);
  const pid_t training = start(arguments("cut"));
  for (int i = 0; i < 600 && !fs::exists(folder + "/cut/training.state"); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  ::kill(training, SIGINT);  // gensynth alone
  EXPECT_EQ(wait(training), 75);
  ASSERT_TRUE(fs::exists(folder + "/cut/training.state"));
  EXPECT_FALSE(fs::exists(folder + "/cut/training.json"));
  const Result again = run(joined(arguments("cut")));
  EXPECT_EQ(again.code, 2);
  EXPECT_THAT(again.text, HasSubstr("continue it with --resume"));
  const Result rest = run(joined(arguments("cut", true)));
  EXPECT_EQ(rest.code, 0) << rest.text;
  EXPECT_EQ(report("cut"), report("whole"));
}

}  // namespace
}  // namespace gensynth::program
