#include <gmock/gmock.h>

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "tests/search/program/program.hpp"

namespace gensynth::program {
namespace {

using testing::AnyOf;
using testing::HasSubstr;

class ExportTflite : public Program {};

std::string content(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST_F(ExportTflite, WritesAFileThatAgreesWithLibTorch) {
  const std::string net = "export zoo:mobilenet-v3-small-1.0 --untrained --format tflite --input-px 64 ";
  const auto verified = AnyOf(HasSubstr("verified with LiteRT"), HasSubstr("not verified: "));
  const Result plain = run(net + "--out plain.tflite");
  EXPECT_EQ(plain.code, 0) << plain.text;
  EXPECT_THAT(plain.text, verified);
  const Result other =
      run(net + "--input uint8 --mean 0.5,0.5,0.5 --std 0.2,0.2,0.2 --batch 2 --precision fp16 --out b.tflite");
  EXPECT_EQ(other.code, 0) << other.text;
  EXPECT_THAT(other.text, verified);
  const std::string file = content(folder + "/plain.tflite");
  EXPECT_EQ(file.substr(4, 4), "TFL3");
  EXPECT_LT(content(folder + "/b.tflite").size(), file.size() * 6 / 10);
}

TEST_F(ExportTflite, WritesIntegersInBothFormats) {
  for (const char* format : {"onnx", "tflite"}) {
    const Result result =
        run(std::string("export zoo:squeezenet-1.1 --untrained --precision int8 --input-px 32") +
            " --data drawn --calibration-images 8 --mean 0.4,0.4,0.4 --std 0.3,0.3,0.3 --input uint8" + " --format " +
            format + " --out net." + format);
    EXPECT_EQ(result.code, 0) << result.text;
    EXPECT_THAT(result.text, HasSubstr("8-bit integers, calibrated with 8 images of drawn"));
    EXPECT_THAT(result.text, AnyOf(HasSubstr("difference from the simulation"), HasSubstr("not verified: ")));
    EXPECT_LT(content(folder + "/net." + format).size(), 1600000U);  // of 1.2 million weights
  }
}

TEST_F(ExportTflite, ReportsWhatDoesNotGoTogether) {
  const std::string net = "export zoo:squeezenet-1.1 --untrained --out net ";
  EXPECT_THAT(run(net + "--format tflite --input uint8").text, HasSubstr("--input uint8 needs --mean and --std"));
  EXPECT_THAT(run(net + "--format tflite --input unit --mean 1 --std 1").text, HasSubstr("expected 3 each"));
  EXPECT_THAT(run(net + "--format json --precision fp16").text, HasSubstr("--precision applies to --format onnx and"));
  EXPECT_THAT(run(net + "--format onnx --precision fp16 --keep a").text,
              HasSubstr("--keep applies to --precision int8, not fp16"));
  EXPECT_THAT(run(net + "--format onnx --precision int8").text, HasSubstr("needs images to calibrate with"));
  EXPECT_THAT(run(net + "--format onnx --precision int8 --data drawn").text, HasSubstr("int8 needs --mean and --std"));
  EXPECT_THAT(run(net + "--format onnx --precision int8 --data nowhere --mean 0,0,0 --std 1,1,1").text,
              HasSubstr("nowhere"));
  EXPECT_THAT(run(net + "--format json --batch 2").text, HasSubstr("--batch applies to --format onnx and tflite"));
  EXPECT_THAT(run(net + "--format tflite --batch dynamic").text, HasSubstr("has a fixed batch"));
  for (const char* batch : {"0", "many", "2x", "99999"}) {
    EXPECT_THAT(run(net + "--format onnx --batch " + batch).text, HasSubstr("expected a whole number from 1 to 4096"));
  }
  EXPECT_THAT(run("export zoo:squeezenet-1.1 --format tflite --out net").text, HasSubstr("--untrained"));
  EXPECT_FALSE(std::ifstream(folder + "/net").good());
}

class Quantise : public Program {};

TEST_F(Quantise, ReportsAccuracyBytesAndNoise) {
  const std::string data = R"('{"kind": "drawn", "px": 32, "classes": 3, "images": 60}')";
  ASSERT_EQ(run("train zoo:mobilenet-v2-0.5 --data " + data + " --out trained --images 320 --batch 32").code, 0);
  const Result text = run("quantise trained/network.json --calibration-images 16 --data " + data);
  ASSERT_EQ(text.code, 0) << text.text;
  for (const char* part : {"calibrated with 16 images of drawn", "top-1", "bytes of weights", "signal to noise"}) {
    EXPECT_THAT(text.text, HasSubstr(part));
  }
  const Result result =
      run("quantise trained/network.json --json --calibration entropy --calibration-images 16 --data " + data);
  ASSERT_EQ(result.code, 0) << result.text;
  const nlohmann::json json = nlohmann::json::parse(result.text);
  EXPECT_EQ(json["choice"]["calibration"], "entropy");
  EXPECT_LT(json["bytes_after"].get<double>(), 0.3 * json["bytes_before"].get<double>());
  EXPECT_EQ(json["images"], 36);
  for (const auto& vertex : json["vertices"]) EXPECT_TRUE(vertex["integer"]) << vertex;
}

TEST_F(Quantise, RefusesWhatItCannotQuantise) {
  EXPECT_THAT(run("quantise zoo:squeezenet-1.1 --data drawn").text, HasSubstr("there are no weights for it"));
  EXPECT_THAT(run("quantise zoo:squeezenet-1.1").text, HasSubstr("needs images to calibrate with"));
  EXPECT_THAT(run("quantise zoo:squeezenet-1.1 --data drawn --calibration mean").text, HasSubstr("--calibration"));
}

}  // namespace
}  // namespace gensynth::program
