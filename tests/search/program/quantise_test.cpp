#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "tests/search/program/program.hpp"

namespace gensynth::program {
namespace {

using testing::HasSubstr;

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
