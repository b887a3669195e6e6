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
  EXPECT_TRUE(report("out").at("rungs").at(0).contains("balanced_accuracy"));
  const Result twice = run(joined(arguments("out", true)));
  EXPECT_EQ(twice.code, 2);
  EXPECT_THAT(twice.text, HasSubstr("the training there has ended after 1600 images"));
}

TEST_F(Training, ClassWeightsAreAWordOfTheSpecification) {
  const Result unknown = run(joined(arguments("out")) + "--class-weights balance");
  EXPECT_EQ(unknown.code, 2);
  EXPECT_THAT(unknown.text, HasSubstr("balanced"));
  EXPECT_FALSE(fs::exists(folder + "/out"));
  EXPECT_EQ(run(joined(arguments("out")) + "--class-weights balanced").code, 0);
  EXPECT_EQ(report("out").at("spec").at("class_weights"), "balanced");
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

TEST_F(Training, GoesOnFromTheWeightsOfANetwork) {
  EXPECT_THAT(run(joined(arguments("first"))).text,
              HasSubstr("begins with initial values of seed 1, since net.json has"));
  const double before = report("first").at("hold_out").at("loss");
  const std::string rest = " --data data.json --images 320 --batch 16 --lr 0.001 ";
  const Result own = run("train first/network.json --out own" + rest);
  EXPECT_EQ(own.code, 0) << own.text;
  EXPECT_THAT(own.text, HasSubstr("begins with first/network.safetensors\n"));
  const Result file = run("train net.json --from first/network.safetensors --out file" + rest);
  EXPECT_THAT(file.text, HasSubstr("begins with first/network.safetensors\n"));
  EXPECT_EQ(report("own").at("rungs"), report("file").at("rungs"));
  EXPECT_LT(report("own").at("rungs").at(0).at("loss").get<double>(), before + 0.1);
  const Result scratch = run("train first/network.json --from scratch --out scratch" + rest);
  EXPECT_THAT(scratch.text, HasSubstr("begins with initial values of seed 1\n"));
  EXPECT_GT(report("scratch").at("rungs").at(0).at("loss"), report("own").at("rungs").at(0).at("loss"));
  EXPECT_THAT(run("train net.json --from weights --out no" + rest).text, HasSubstr("there are no weights for it"));
  EXPECT_THAT(run("train net.json --from data.json --out no" + rest).text, HasSubstr("data.json"));
  EXPECT_THAT(run("train net.json --from absent.safetensors --out no" + rest).text, HasSubstr("absent.safetensors"));
  EXPECT_FALSE(fs::exists(folder + "/no")) << "refused before data is read";
}

TEST_F(Training, ReplacesTheLastLayerForOtherClasses) {
  ASSERT_EQ(run(joined(arguments("first"))).code, 0);
  const Result other = run("train first/network.json --data data.json --classes 4 --images 64 --batch 16 --out other");
  EXPECT_EQ(other.code, 0) << other.text;
  EXPECT_THAT(other.text, HasSubstr("the last layer begins anew: 4 classes instead of 3"));
  const json network = json::parse(std::ifstream(folder + "/other/network.json"));
  EXPECT_EQ(network.at("card").at("classes").size(), 4U);
  EXPECT_EQ(network.at("card").at("metrics").at("holdout_top1").at("provenance"), "measured");
}

TEST_F(Training, ExtendsAFinishedTraining) {
  ASSERT_EQ(run(joined(arguments("out"))).code, 0);
  const json before = report("out");
  const Result same = run(joined(arguments("out")));
  EXPECT_EQ(same.code, 2);
  EXPECT_THAT(same.text, HasSubstr("a finished training is here"));
  const std::string more = "train net.json --data data.json --batch 16 --out out --resume --images ";
  const Result longer = run(more + "2400");
  EXPECT_EQ(longer.code, 0) << longer.text;
  EXPECT_THAT(longer.text, HasSubstr("continues after 1600 images\n"));
  const json after = report("out");
  EXPECT_EQ(after.at("images"), 2400);
  EXPECT_EQ(after.at("rungs").at(9), before.at("rungs").at(9));
  EXPECT_EQ(after.at("rungs").back().at("images"), 2400);
  EXPECT_GT(after.at("rungs").size(), 10U);
  EXPECT_THAT(run(more + "2400").text, HasSubstr("a larger --images extends it"));
  EXPECT_THAT(run("train zoo:mobilenet-v2-1 --data data.json --out out --resume --images 9999").text,
              HasSubstr("choose another --out"));
  EXPECT_EQ(report("out"), after);
}

TEST_F(Training, OverwritesNothingThatItReads) {
  ASSERT_EQ(run(joined(arguments("out"))).code, 0);
  fs::remove(folder + "/out/training.json");
  const Result again = run("train out/network.json --data data.json --out out --images 64");
  EXPECT_EQ(again.code, 2);
  EXPECT_THAT(again.text, HasSubstr("would be overwritten, but it is read here"));
  const Result file = run("export out/network.json --format json --out out/network.json");
  EXPECT_EQ(file.code, 2);
  EXPECT_THAT(file.text, HasSubstr("would be overwritten, but it is read here"));
  EXPECT_THAT(run("export out/network.json --format onnx --out out/network.safetensors").text,
              HasSubstr("out/network.safetensors: would be overwritten, but it is read here"));
}

}  // namespace
}  // namespace gensynth::program
