#include "generator/columnar/options.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "architecture/base/error.hpp"

namespace gensynth::columnar {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string message_of(const json& options) {
  try {
    options_from_json(options, "job.json", "/space");
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(ColumnarOptions, StemKeepsWhatSmallImagesShow) {
  EXPECT_THAT(options_from_json({{"px", 64}}, "x", "").stem_reductions, ElementsAre(1, 2));
  EXPECT_THAT(options_from_json({{"px", 96}}, "x", "").stem_reductions, ElementsAre(2, 4));
  EXPECT_THAT(options_from_json({{"px", {32, 224}}}, "x", "").stem_reductions, ElementsAre(1, 2, 4));
  EXPECT_THAT(options_from_json({{"px", 64}, {"stem_reductions", {4}}}, "x", "").stem_reductions, ElementsAre(4));
}

TEST(ColumnarOptions, EffectiveFormReadsBackUnchanged) {
  const json given = {{"kind", "columnar"}, {"px", {32, 64}}, {"blocks", {"residual", "dc_ac"}}, {"dropout", 0.0}};
  const json effective = to_json(options_from_json(given, "x", ""));
  EXPECT_EQ(json(to_json(options_from_json(effective, "x", ""))), effective);
  EXPECT_EQ(effective["blocks"], json({"residual", "dc_ac"}));
  EXPECT_EQ(effective["classes"], 1000);
  EXPECT_EQ(json(to_json(Options())), json(to_json(options_from_json(json::object(), "x", ""))));
}

TEST(ColumnarOptions, KernelsMayBeEven) {
  EXPECT_THAT(options_from_json({{"kernels", {2, 3, 4}}}, "x", "").kernels, ElementsAre(2, 3, 4));
  EXPECT_THAT(Options().fused_kernels, ElementsAre(2, 3));
}

TEST(ColumnarOptions, MistakesAreNamed) {
  EXPECT_THAT(message_of({{"clases", 10}}), HasSubstr("job.json: /space/clases: unknown key 'clases' (did you mean"));
  EXPECT_THAT(message_of({{"px", 8}}), HasSubstr("/space/px/0: found 8"));
  EXPECT_THAT(message_of({{"px", json::array({64, 64})}}), HasSubstr("/space/px/1"));
  EXPECT_THAT(message_of({{"px", "large"}}), HasSubstr("whole numbers"));
  EXPECT_THAT(message_of({{"blocks", {"dcac"}}}), HasSubstr("/space/blocks/0: unknown value 'dcac' (did you mean"));
  EXPECT_THAT(message_of({{"blocks", {"dc_ac", "dc_ac"}}}), HasSubstr("/space/blocks/1: 'dc_ac' stands in the list"));
  EXPECT_THAT(message_of({{"blocks", json::array()}}), HasSubstr("/space/blocks"));
  EXPECT_THAT(message_of({{"widths", {{8, 16}, {8}}}}), HasSubstr("/space/widths: found 2 lists"));
  EXPECT_THAT(message_of({{"kernels", {3, 2}}}), HasSubstr("/space/kernels/1: found 2"));
  EXPECT_THAT(message_of({{"fused_kernels", {2, 12}}}), HasSubstr("/space/fused_kernels/1: found 12"));
  EXPECT_THAT(message_of({{"stem_reductions", {3}}}), HasSubstr("expected 1, 2 or 4"));
  EXPECT_THAT(message_of({{"min_stages", 5}, {"max_stages", 4}}), HasSubstr("/space/min_stages"));
  EXPECT_THAT(message_of({{"max_columns", 5}}), HasSubstr("/space/max_columns"));
  EXPECT_THAT(message_of({{"kind", "nasbench201"}}), HasSubstr("/space/kind"));
}

}  // namespace
}  // namespace gensynth::columnar
