// The files that a search writes for the users of its network, and `evaluate`.
#include <gmock/gmock.h>

#include <algorithm>

#include "tests/search/program/program.hpp"

namespace gensynth::program {
namespace {

using testing::HasSubstr;

/// A run of one trial on drawn images of three classes.
class Winner : public Program {
 protected:
  Winner() {
    json job = tiny_job();
    job["budget"]["trials"] = 1;
    job["constraints"] = json::array();
    job["proxy"]["images"] = 960;
    job["proxy"]["rungs"] = {960};
    write("job.json", job);
    EXPECT_EQ(run("search job.json --out run --workers 1 -q").code, 0);
  }
  std::string content(const std::string& name) const {
    std::ifstream in(folder + "/" + name);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  json file(const std::string& name) const { return json::parse(content(name)); }
  json evaluation(const std::string& arguments) const {
    const Result result = run("evaluate " + arguments + " --json");
    EXPECT_EQ(result.code, 0) << result.text;
    return printed(result);
  }
  /// The JSON on standard output, which comes after the lines on standard error.
  static json printed(const Result& result) {
    return json::parse(result.text.substr(std::min(result.text.find('{'), result.text.size())));
  }
  static bool missing(const Result& result) { return result.text.find("cannot be run: ") != std::string::npos; }
};

TEST_F(Winner, HasACardLabelsAndPrograms) {
  const json card = file("run/result/attendnext.json").at("card");
  EXPECT_EQ(card.at("preprocessing").at("px"), 24);
  EXPECT_EQ(card.at("preprocessing").at("mean").size(), 3U);
  EXPECT_EQ(card.at("classes").size(), 3U);
  EXPECT_EQ(card.at("trial"), 1);
  EXPECT_EQ(card.at("job").get<std::string>().size(), 32U);
  EXPECT_EQ(card.at("metrics").at("latency_ms").at("provenance"), "predicted");
  EXPECT_EQ(card.at("metrics").at("proxy_top1").at("provenance"), "measured");
  std::string labels;
  for (const json& name : card.at("classes")) labels += name.get<std::string>() + "\n";
  EXPECT_EQ(content("run/result/labels.txt"), labels);
  const std::string page = content("run/result/README.md");
  for (const char* part : {"# attendnext", "trial 1 of a search", "24 x 24", "| proxy_top1 |", "measured", "predicted",
                           "## Limits", "## Licence"}) {
    EXPECT_THAT(page, HasSubstr(part));
  }
  EXPECT_THAT(content("run/result/infer.py"), HasSubstr("onnxruntime"));
  EXPECT_THAT(content("run/result/infer.mjs"), HasSubstr("onnxruntime-node"));
  EXPECT_THAT(content("run/result/attendnext.onnx"), HasSubstr("\"preprocessing\""));
  // The network of the files is the same with and without the run.
  const json by_run = evaluation("run --data job.json");
  const json by_file = evaluation("run/result/attendnext.json --data job.json");
  EXPECT_EQ(by_run.at("confusion"), by_file.at("confusion"));
}

TEST_F(Winner, IsEvaluatedAsTheSearchMeasuredIt) {
  const json card = file("run/result/attendnext.json").at("card");
  const json found = evaluation("run --data job.json --split holdout --svg confusion.svg");
  EXPECT_EQ(found.at("split"), "holdout");
  EXPECT_NEAR(found.at("top1").get<double>(), card.at("metrics").at("proxy_top1").at("value").get<double>(), 1e-6);
  EXPECT_EQ(found.at("classes"), card.at("classes"));
  EXPECT_THAT(content("confusion.svg"), HasSubstr("<svg"));
  const Result text = run("evaluate run --data job.json --split holdout");
  EXPECT_THAT(text.text, HasSubstr("split 'holdout' of drawn, 3 classes"));
  EXPECT_THAT(text.text, HasSubstr("most often taken for"));
  EXPECT_THAT(evaluation("run --data job.json --split all").at("notes").dump(), HasSubstr("trained on some of these"));
}

TEST_F(Winner, ExportedFilesAreAsGood) {
  const json torch = evaluation("run --data job.json --split all");
  struct Kind {
    const char* arguments;
    const char* out;
  };
  for (const Kind& kind :
       {Kind{"--format onnx", "unit.onnx"}, Kind{"--format onnx --batch dynamic --output softmax", "any.onnx"},
        Kind{"--format onnx --input uint8 --batch 3", "bytes.onnx"},
        Kind{"--format onnx --input normalised", "normalised.onnx"}, Kind{"--format tflite", "unit.tflite"},
        Kind{"--format tflite --input uint8", "bytes.tflite"}}) {
    SCOPED_TRACE(kind.out);
    const Result exported = run(std::string("export run ") + kind.arguments + " --out " + kind.out);
    ASSERT_EQ(exported.code, 0) << exported.text;
    EXPECT_THAT(exported.text, HasSubstr("input: images, "));
    const Result result = run(std::string("evaluate ") + kind.out + " --data job.json --split all --json");
    if (missing(result)) continue;
    ASSERT_EQ(result.code, 0) << result.text;
    const json found = printed(result);
    EXPECT_EQ(found.at("images"), torch.at("images"));
    EXPECT_NEAR(found.at("top1").get<double>(), torch.at("top1").get<double>(), 0.5);
    EXPECT_EQ(found.at("classes"), torch.at("classes"));
  }
}

TEST_F(Winner, ItsProgramNamesTheClassOfAnImage) {
  fs::create_directories(folder + "/images");
  // A picture of one colour: what it is called does not matter, that it is classified does.
  const std::string jpeg =
      "node -e \"const j=require(process.env.JPEG);const d=Buffer.alloc(40*30*4,180);"
      "require('fs').writeFileSync('images/a.jpg',j.encode({data:d,width:40,height:30},90).data)\"";
  const char* named = std::getenv("GENSYNTH_ONNXRUNTIME_NODE");
  const std::string packages = named != nullptr ? named : GENSYNTH_PACKAGES;
  if (!fs::exists(packages + "/onnxruntime-node") || !fs::exists(packages + "/jpeg-js")) {
    GTEST_SKIP() << "onnxruntime-node and jpeg-js are not in " << packages << " (scripts/setup)";
  }
  const std::string in = "cd '" + folder + "' && GENSYNTH_ONNXRUNTIME_NODE='" + packages + "' ";
  ASSERT_EQ(std::system((in + "JPEG='" + packages + "/jpeg-js' " + jpeg).c_str()), 0);
  ASSERT_EQ(std::system((in + "node run/result/infer.mjs images/a.jpg --top 2 > out.txt").c_str()), 0);
  const std::string text = content("out.txt");
  EXPECT_THAT(text, testing::ContainsRegex("^images/a.jpg\n +[0-9.]+ %  [a-z ]+\n +[0-9.]+ %  [a-z ]+\n$"));
  EXPECT_NE(std::system((in + "node run/result/infer.mjs job.json 2> out.txt").c_str()), 0);
  EXPECT_THAT(content("out.txt"), HasSubstr("job.json: cannot be read as a JPEG"));
  EXPECT_NE(std::system((in + "node run/result/infer.mjs 2> out.txt").c_str()), 0);
  EXPECT_THAT(content("out.txt"), HasSubstr("no image"));
}

TEST_F(Winner, ItsPythonProgramDoesTheSame) {
  if (std::system("python3 -c 'import onnxruntime, numpy, PIL' 2> /dev/null") != 0) {
    GTEST_SKIP() << "python3 with onnxruntime, numpy and pillow is not there";
  }
  const std::string in = "cd '" + folder + "' && ";
  ASSERT_EQ(std::system(
                (in + "python3 -c \"from PIL import Image; Image.new('RGB', (40, 30), 'red').save('a.jpg')\"").c_str()),
            0);
  ASSERT_EQ(std::system((in + "python3 run/result/infer.py a.jpg --top 2 > out.txt").c_str()), 0);
  EXPECT_THAT(content("out.txt"), testing::ContainsRegex("^a.jpg\n +[0-9.]+ %  [a-z ]+\n +[0-9.]+ %  [a-z ]+\n$"));
}

TEST_F(Winner, EvaluateReportsWhatCannotBeEvaluated) {
  const auto failure = [&](const std::string& arguments) {
    const Result result = run("evaluate " + arguments);
    EXPECT_EQ(result.code, 2) << result.text;
    return result.text;
  };
  EXPECT_THAT(failure("zoo:squeezenet-1.1 --data drawn"), HasSubstr("there are no weights for it to evaluate"));
  EXPECT_THAT(failure("run --data nowhere"), HasSubstr("nowhere"));
  EXPECT_THAT(failure("run --data job.json --svg job.json"), HasSubstr("would be overwritten, but it is read here"));
  write("text.onnx", {{"no", "model"}});
  EXPECT_THAT(failure("text.onnx --data job.json"), HasSubstr("text.onnx: is not an ONNX file"));
  write("text.tflite", {{"no", "model"}});
  EXPECT_THAT(failure("text.tflite --data job.json"), HasSubstr("is not a TensorFlow Lite file"));
  json job = tiny_job();
  job["data"]["classes"] = 5;
  write("more.json", job);
  EXPECT_THAT(failure("run --data more.json"), HasSubstr("is none of the network's"));
  EXPECT_THAT(failure("run --data job.json --split validations"), HasSubstr("--split"));
  job["data"]["classes"] = 3;
  job["data"]["holdout"] = 0;
  write("none.json", job);
  EXPECT_THAT(failure("run --data none.json --split holdout"), HasSubstr("there are no images in the split 'holdout'"));
}

}  // namespace
}  // namespace gensynth::program
