#include "runtime/latency/devices/device.hpp"

#include <gmock/gmock.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

#include "architecture/base/error.hpp"
#include "architecture/base/json_reader.hpp"

namespace gensynth::latency::devices {
namespace {

using testing::AllOf;
using testing::HasSubstr;

nlohmann::json device_json() { return nlohmann::json::parse(to_text(built_in_device("cortex-a72"))); }

std::string message_of(const nlohmann::json& json) {
  try {
    device_from_json(json, "mine.json");
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(Device, SurvivesJson) {
  const Device& device = built_in_device("cortex-a72");
  EXPECT_EQ(to_text(device_from_json(device_json(), "copy")), to_text(device));
  EXPECT_EQ(device.cores, 4);
}

TEST(Device, GivesEveryConstantASource) {
  for (const auto& [name, runtime] : built_in_device("cortex-a72").runtimes) {
    EXPECT_FALSE(runtime.fusion_source.empty()) << name;
    for (const auto& [precision, data] : runtime.precisions) {
      for (const std::string& source : data.sources)
        EXPECT_FALSE(source.empty()) << name << " " << to_string(precision);
      EXPECT_GT(data.calibration.interval, 0) << name << " " << to_string(precision);
    }
  }
}

TEST(Device, NoRateExceedsThePeak) {
  const Device& device = built_in_device("cortex-a72");
  for (const auto& [name, runtime] : device.runtimes) {
    for (const auto& [precision, data] : runtime.precisions) {
      for (std::size_t i = 0; i < latency::model::kParameters; ++i) {
        if (latency::model::parameter_infos()[i].unit != "MAC/cycle") continue;
        EXPECT_LE(data.parameters[i], device.macs_per_cycle * 4 / data.element_bytes * (1 + 1e-9)) << name;
      }
    }
  }
}

TEST(Device, FollowsItsSchema) {
  const nlohmann::json file = read_json_file(std::string(GENSYNTH_SOURCE_DIR) + "/docs/device.schema.json");
  valijson::Schema schema;
  valijson::SchemaParser().populateSchema(valijson::adapters::NlohmannJsonAdapter(file), schema);
  const auto valid = [&](const nlohmann::json& json) {
    return valijson::Validator().validate(schema, valijson::adapters::NlohmannJsonAdapter(json), nullptr);
  };
  EXPECT_TRUE(valid(device_json()));
  for (const char* pointer : {"/runtimes/ncnn/precisions/fp32/parameters/overhead/source", "/cores/unit", "/clocks"}) {
    nlohmann::json json = device_json();
    const nlohmann::json::json_pointer at(pointer);
    json[at.parent_pointer()].erase(at.back());
    EXPECT_FALSE(valid(json)) << pointer;
    EXPECT_NE(message_of(json), "") << pointer;
  }
}

TEST(Device, EveryConstantIsExplainedToUsers) {
  std::ifstream file(std::string(GENSYNTH_SOURCE_DIR) + "/docs/latency.md");
  std::ostringstream text;
  text << file.rdbuf();
  for (const latency::model::LatencyParameterInfo& info : latency::model::parameter_infos()) {
    EXPECT_THAT(text.str(), HasSubstr("| `" + info.name + "` | " + info.unit + " | " + info.meaning + " |"));
  }
}

TEST(Device, AnOptionalConstantMayBeLeftOut) {
  nlohmann::json json = device_json();
  auto& parameters = json["runtimes"]["libtorch-native"]["precisions"]["fp32"]["parameters"];
  ASSERT_GT(parameters["group_overhead"]["value"], 1000);
  parameters.erase("group_overhead");
  EXPECT_EQ(message_of(json), "");
  const Device device = device_from_json(json, "mine.json");
  const PrecisionData& data = device.runtimes.at("libtorch-native").precisions.at(Precision::float32);
  EXPECT_EQ(get(data.parameters, latency::model::Parameter::group_overhead),
            latency::model::parameter_infos()[static_cast<std::size_t>(latency::model::Parameter::group_overhead)].low);
}

TEST(Device, NamesTheMistake) {
  nlohmann::json json = device_json();
  json["runtimes"]["ncnn"]["precisions"]["fp32"]["parameters"]["overheat"] = 1;
  EXPECT_THAT(message_of(json), AllOf(HasSubstr("mine.json"), HasSubstr("/runtimes/ncnn/precisions/fp32/parameters"),
                                      HasSubstr("overheat"), HasSubstr("overhead")));
  json = device_json();
  json["runtimes"]["ncnn"]["precisions"]["fp32"]["parameters"]["overhead"]["unit"] = "ms";
  EXPECT_THAT(message_of(json), AllOf(HasSubstr("/overhead"), HasSubstr("cycle")));
  json = device_json();
  json["runtimes"]["ncnn"]["threaded"] = {"pontwise"};
  EXPECT_THAT(message_of(json), HasSubstr("'pointwise'"));
  json = device_json();
  json["cores"]["value"] = 1.5;
  EXPECT_THAT(message_of(json), AllOf(HasSubstr("/cores"), HasSubstr("whole number")));
  for (const nlohmann::json& threads : {nlohmann::json(1.5), nlohmann::json(1e300), nlohmann::json(4294967297)}) {
    json = device_json();
    json["runtimes"]["ncnn"]["precisions"]["fp32"]["calibration"]["threads"] = nlohmann::json::array({threads});
    EXPECT_THAT(message_of(json), AllOf(HasSubstr("/threads"), HasSubstr("whole numbers"))) << threads;
  }
  json = device_json();
  json["runtimes"]["ncnn"]["precisions"]["fp32"]["calibration"]["input_px"] = {224, 96};
  EXPECT_THAT(message_of(json), AllOf(HasSubstr("/calibration/input_px"), HasSubstr("[lowest, highest]")));
  json = device_json();
  json["runtimes"]["ncnn"]["precisions"]["fp32"]["calibration"]["families"][1]["mape"] = -1;
  EXPECT_THAT(message_of(json), AllOf(HasSubstr("/calibration/families/1/mape"), HasSubstr("-1")));
  json = device_json();
  json["runtimes"]["ncnn"]["precisions"]["fp32"]["calibration"]["held_out"]["kendall"] = 1.5;
  EXPECT_THAT(message_of(json), AllOf(HasSubstr("/calibration/held_out/kendall"), HasSubstr("1.5")));
  json = device_json();
  json["version"] = 2;
  EXPECT_THAT(message_of(json), HasSubstr("version"));
  json = device_json();
  json["runtimes"]["ncnn"]["precisions"]["fp32"]["parameters"]["overhead"]["value"] = -3;
  EXPECT_THAT(message_of(json), HasSubstr("-3"));
}

}  // namespace
}  // namespace gensynth::latency::devices
