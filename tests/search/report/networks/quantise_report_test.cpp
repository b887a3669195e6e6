#include "search/report/networks/quantise_report.hpp"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

namespace gensynth::report::networks {
namespace {

using ::testing::HasSubstr;

companion::QuantiseResult result() {
  companion::QuantiseResult result;
  result.choice = {"entropy", 3, true, 64, "drawn", 0.05};
  result.split = "holdout";
  result.images = 200;
  result.top1_before = 80;
  result.top1_after = 79.5;
  result.agreement = 98;
  result.bytes_before = 4000;
  result.bytes_after = 1040;
  result.vertices = {{"a", "convolution", true, "", 30}, {"b", "layer_norm", false, "squares", 12.34}};
  return result;
}

TEST(QuantiseReport, PrintsTheChangeAndTheWorstVertexFirst) {
  const std::string text = quantise_text("net", result());
  EXPECT_THAT(text, HasSubstr("64 images of drawn; entropy, 3 pairs of layers equalised, biases corrected"));
  EXPECT_THAT(text, HasSubstr("-0.50"));
  EXPECT_THAT(text, HasSubstr("x 0.260"));
  EXPECT_LT(text.find("12.3 dB"), text.find("30.0 dB"));
  EXPECT_THAT(text, HasSubstr("1 layer_norm: squares: b"));
}

TEST(QuantiseReport, ItsJsonComesBack) {
  const nlohmann::ordered_json json = quantise_json("net", result());
  EXPECT_EQ(json["network"], "net");
  const companion::QuantiseResult back = companion::quantise_result_from_json(to_json(result()));
  EXPECT_EQ(to_json(back), to_json(result()));
}

}  // namespace
}  // namespace gensynth::report::networks
