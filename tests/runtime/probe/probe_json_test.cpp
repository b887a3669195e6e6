#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "architecture/base/error.hpp"
#include "architecture/base/json_reader.hpp"
#include "runtime/probe/probe.hpp"

namespace gensynth::probe {
namespace {

ProbeResult example() {
  ProbeResult result;
  result.loss = 2.3025;
  result.gradient_norm = 1.0 / 3;
  result.seconds = 0.25;
  result.responses.push_back({0, -0.1, 1.2, 0, 1e-9, 1e-12});
  result.responses.push_back({1, 0.4, 0.7, 0.125, 0.5, 0.25});
  return result;
}

TEST(ProbeJsonTest, RoundTrip) {
  const auto text = to_json(example()).dump();
  const ProbeResult found = probe_from_json(parse_json(text, "probe"), "probe");
  EXPECT_EQ(to_json(found).dump(), text);
  EXPECT_EQ(found.responses.at(1).dead, 0.125);
  EXPECT_TRUE(found.finite);
}

TEST(ProbeJsonTest, NonFiniteValuesAreNull) {
  ProbeResult result = example();
  result.finite = false;
  result.loss = std::numeric_limits<double>::infinity();
  result.responses[0].gradient = std::nan("");
  const auto value = to_json(result);
  EXPECT_TRUE(value.at("loss").is_null());
  const ProbeResult found = probe_from_json(nlohmann::json(value), "probe");
  EXPECT_TRUE(std::isnan(found.loss));
  EXPECT_TRUE(std::isnan(found.responses.at(0).gradient));
  EXPECT_FALSE(found.finite);
}

TEST(ProbeJsonTest, MistakesAreNamed) {
  nlohmann::json value = to_json(example());
  value["responses"][1]["meen"] = 1;
  value["responses"][1].erase("saliency");
  try {
    probe_from_json(value, "probe.json");
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), testing::AllOf(testing::HasSubstr("probe.json"), testing::HasSubstr("/responses/1")));
  }
}

}  // namespace
}  // namespace gensynth::probe
